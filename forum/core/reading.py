"""How hard a text reads, as a school grade: Flesch and Kincaid's for English, Fernández Huerta's ease for Spanish.

Both count words, sentences and syllables. Syllables are estimated from groups of vowels, which is within a few per cent
over a paragraph; the grade is a hint to whoever writes, not a measure of who reads.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

HARD = 8.0  # from this grade on, pages warn
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE = re.compile(r"[.!?…]+(?=\s|$)|\n{2,}")
_VOWELS = re.compile(r"[aeiouy]+")
_SPANISH_VOWELS = re.compile(r"[iuü]?[aeoáéóíú]+[iuy]?|[iuü]+")
# Fernández Huerta's ease and the grade of which a reader finds it easy; between two points, a straight line.
_EASE_TO_GRADE = (
    (100.0, 3.0),
    (90.0, 4.0),
    (80.0, 5.0),
    (70.0, 6.0),
    (60.0, 8.0),
    (50.0, 10.0),
    (30.0, 13.0),
)


def grade(text: str, language: str = "en") -> float:
    """The school grade at which *text* reads easily, 0 or more; 0.0 for a text without words. One decimal."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, sum(1 for part in _SENTENCE.split(text) if _WORD.search(part)))
    spanish = language.lower().startswith("es")
    syllables = sum(_spanish_syllables(word) if spanish else _english_syllables(word) for word in words)
    per_sentence, per_word = len(words) / sentences, syllables / len(words)
    if spanish:
        return _grade_of_ease(206.84 - 60.0 * per_word - 1.02 * per_sentence)
    return max(0.0, round(0.39 * per_sentence + 11.8 * per_word - 15.59, 1))


def _english_syllables(word: str) -> int:
    plain = _plain(word).replace("'", "")
    count = len(_VOWELS.findall(plain))
    silent = plain.endswith("e") and not plain.endswith(("le", "ee", "ye")) and count > 1
    ending = plain.endswith("ed") and not plain.endswith(("ted", "ded")) and count > 1
    return max(1, count - (silent or ending))


def _spanish_syllables(word: str) -> int:
    return max(1, len(_SPANISH_VOWELS.findall(unicodedata.normalize("NFC", word).casefold())))


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word).casefold()
    return "".join(c for c in folded if not unicodedata.combining(c)).replace("’", "'")


def _grade_of_ease(ease: float) -> float:
    points = _EASE_TO_GRADE
    if ease >= points[0][0]:
        return points[0][1]
    for (high, low_grade), (low, high_grade) in pairwise(points):
        if ease >= low:
            return round(low_grade + (high - ease) / (high - low) * (high_grade - low_grade), 1)
    return round(13.0 + (30.0 - ease) / 10.0, 1)
