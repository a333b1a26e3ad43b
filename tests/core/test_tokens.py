"""Sealed numbers cannot be made up; codes survive handwriting."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from forum.core.tokens import ALPHABET, code_as_meant, random_code, sealed, unsealed


def test_a_sealed_number_opens_for_its_purpose_alone(app: Flask) -> None:
    with app.app_context():
        text = sealed(17, "door")
        assert unsealed(text, "door") == 17
        assert unsealed(text.upper(), "door") == 17
        assert unsealed(text, "mail") is None


@pytest.mark.parametrize(
    "text", ["", ".", "17", "17.", "17." + "0" * 32, "x.y", "٣.abc", "9" * 40, "-1.a", "17.é"]
)
def test_nothing_else_opens(app: Flask, text: str) -> None:
    with app.app_context():
        assert unsealed(text, "door") is None


@given(st.integers(1, 6))
def test_a_code_is_understood_however_it_is_written(groups: int) -> None:
    code = random_code(groups * 4)
    meant = code.replace("-", "")
    assert set(meant) <= set(ALPHABET)
    assert code_as_meant(code) == meant
    assert code_as_meant(f" {code.lower().replace('0', 'o').replace('1', 'l').replace('-', ' ')} ") == meant
    assert code_as_meant(code.replace("0", "O").replace("1", "I")) == meant
