"""Text as search keeps and compares it: words without accents, reduced to their stems, the same on both databases.

Everything happens here, in Python: SQLite and PostgreSQL are given words of ASCII letters and digits alone, and neither
folds, splits or stems anything. What is not written in Latin letters is kept as the digits of its bytes.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from forum.core.words import fold

LONGEST = 40  # characters of a word that tell it from another
MOST = 10_000  # words of one text that are kept
ANALYSIS = 4  # raised when words come out differently, or others do: what was kept before is made anew
STEMMED = {"en": "english", "es": "spanish"}
_WORD = re.compile(r"[^\W_]+")
# Snowball's Spanish expects accents, and many people type none: they are put back where an ending always bears one, so
# that «reunion», «reunión» and «reuniones» meet.
_ACCENTED = (("cion", "ción"), ("sion", "sión"), ("ia", "ía"), ("ias", "ías"))
_of_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Placed:
    """A word of a text as it was written, with where it stands there."""

    word: str
    start: int
    end: int


def plain_words(text: str) -> list[str]:
    """The folded words of *text*, each as search keeps it, unstemmed."""
    return [_ascii(word[:LONGEST]) for word in _WORD.findall(fold(text))[:MOST]]


def stems(text: str, language: str) -> list[str]:
    """The stems of *text*, written in *language* (a tag); a language that has no stemmer keeps its words whole."""
    stemmer = language.split("-")[0]
    return [stem(word, stemmer) for word in plain_words(text)]


def placed_words(text: str) -> Iterator[Placed]:
    """The same words as :func:`plain_words`, with the place of each in *text*, for marking what was found."""
    if text.isascii():
        for match in _WORD.finditer(text):
            yield Placed(match[0].lower()[:LONGEST], match.start(), match.end())
        return
    folded, places = _folded_with_places(text)
    for match in _WORD.finditer(folded):
        end = places[match.end() - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        yield Placed(_ascii(match[0][:LONGEST]), places[match.start()], end)


@lru_cache(maxsize=8192)
def stem(word: str, language: str) -> str:
    """The stem of one folded *word*; *language* is a primary tag."""
    name = STEMMED.get(language)
    if name is None:
        return word
    if language == "es":
        word = next((word[: -len(bare)] + ending for bare, ending in _ACCENTED if word.endswith(bare)), word)
    return fold(_stemmer(name).stemWord(word))


def _stemmer(name: str) -> Stemmer.Stemmer:
    """A stemmer serves one thread."""
    found: Stemmer.Stemmer | None = getattr(_of_thread, name, None)
    if found is None:
        found = Stemmer.Stemmer(name)
        found.maxCacheSize = 0  # what is met often is remembered above
        setattr(_of_thread, name, found)
    return found


def _ascii(word: str) -> str:
    return word if word.isascii() else "u" + word.encode("utf-8", "replace").hex()


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The folded characters of *text*, and of each where it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in _folded_character(character):
            folded.append(part)
            places.append(place)
    return "".join(folded), places


@lru_cache(maxsize=2048)
def _folded_character(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(part for part in plain if not unicodedata.combining(part))
