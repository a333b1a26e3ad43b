"""How hard a text reads: an estimate that tells easy words from hard ones, in both languages."""

from __future__ import annotations

import pytest

from forum.core.reading import HARD, grade

pytestmark = pytest.mark.once

EASY = "Thank you. We read what you wrote. An officer will come by on Friday. You can write to us here."
BUREAUCRATIC = (
    "Notwithstanding applicable jurisdictional limitations, departmental representatives will investigate the "
    "aforementioned circumstances and communicate subsequent determinations accordingly."
)
FACIL = "Gracias. Leímos lo que nos dijo. Un oficial va el viernes. Puede escribir aquí."
DIFICIL = (
    "Sin perjuicio de las limitaciones jurisdiccionales correspondientes, los representantes departamentales "
    "investigarán las circunstancias anteriormente mencionadas y comunicarán las determinaciones subsiguientes."
)


@pytest.mark.parametrize(("easy", "hard", "language"), [(EASY, BUREAUCRATIC, "en"), (FACIL, DIFICIL, "es")])
def test_plain_words_read_easier_than_an_offices(easy: str, hard: str, language: str) -> None:
    assert grade(easy, language) < 6 < HARD < grade(hard, language)


@pytest.mark.parametrize("text", ["", " ", "...", "123 !", "\n\n"])
def test_no_words_have_no_grade(text: str) -> None:
    assert grade(text) == 0.0


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_a_long_text_is_no_trouble(language: str) -> None:
    assert grade("aeiouy" * 4_000 + " " + "word. " * 4_000, language) >= 0.0


def test_longer_sentences_read_harder() -> None:
    parts = "We went to the park and we saw the dog and we came home"
    assert grade(parts.replace(" and", ".")) < grade(parts)
