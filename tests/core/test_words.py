"""Folding text for comparison."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.words import SHORT, fold, likeness

pytestmark = pytest.mark.once


@given(st.text(max_size=40))
def test_a_folded_text_has_no_accents_no_capitals_and_single_blanks(text: str) -> None:
    plain = unicodedata.normalize("NFKD", text).casefold()
    assert fold(text) == " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


@given(st.text("aAéE\u0301ß \n\0", max_size=4), st.text("aAéE\u0301ß ", max_size=4))
def test_texts_are_alike_when_they_are_the_same_however_they_are_written(one: str, other: str) -> None:
    said = "Reunión vecinal, mañana a las ocho. "
    assert (likeness(said + one) == likeness(said + other)) == (fold(said + one) == fold(said + other))


@given(st.text(max_size=SHORT))
def test_a_short_text_is_like_none(text: str) -> None:
    short = fold(text)[:SHORT]
    assert likeness(short) is None or len(fold(short)) > SHORT


def test_a_likeness_is_the_same_in_every_process_and_at_every_time() -> None:
    assert (
        likeness("Buy my watches, the best watches in town.")
        == likeness("BUY my watches,  the best  watches in TOWN.")
        == -9097423181631151748
    )
