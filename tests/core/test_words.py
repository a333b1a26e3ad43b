"""Folding text for comparison."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.words import fold, fold_all

pytestmark = pytest.mark.once


@given(st.lists(st.text(max_size=12), max_size=5))
def test_many_texts_are_folded_as_each_would_be(texts: list[str]) -> None:
    kept = [text.replace("\0", " ") for text in texts]
    assert fold_all(texts) == [fold(text) for text in kept]
    for text in kept:
        plain = unicodedata.normalize("NFKD", text).casefold()
        assert fold(text) == " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
