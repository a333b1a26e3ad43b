"""Folding text for comparison."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.words import fold, how_often

pytestmark = pytest.mark.once


@given(st.text(max_size=40))
def test_a_folded_text_has_no_accents_no_capitals_and_single_blanks(text: str) -> None:
    plain = unicodedata.normalize("NFKD", text).casefold()
    assert fold(text) == " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


@given(st.lists(st.text("aAéE\u0301ß \n\0", max_size=4), max_size=5), st.text("aAéE\u0301ß ", max_size=3))
def test_a_text_is_found_among_others_however_it_is_written(texts: list[str], text: str) -> None:
    same = fold(text)
    assert how_often(same, texts) == (sum(fold(each) == same for each in texts) if same else 0)
