"""The piece of a text that shows why it was found, with the words that were looked for marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape

from markupsafe import Markup

from forum.core.search.words import LONGEST, Placed, placed_words, stem

LOOKED_AT = 6000  # characters of a text in which the words are looked for
AT_ONCE = 600
LENGTH = 240  # characters that are shown
BEFORE = 70  # of them before the first word that was found
OPEN, CLOSE = "<mark>", "</mark>"


def marked(text: str, stems: frozenset[str], language: str) -> Markup:
    """*text*, escaped, with each word that has one of *stems* marked."""
    hits = _hits(text, stems, language)
    return _mark(text, 0, len(text), hits)


def snippet(text: str, stems: frozenset[str], language: str) -> Markup:
    """About 240 characters of *text* around the first place that was looked for; its beginning where none is found."""
    for start in range(0, len(text), AT_ONCE):
        start = _word_end(text, start - 60) if start else 0
        piece = text[start : start + AT_ONCE + LENGTH]
        hits = _hits(piece, stems, language)
        if hits:
            return _around(piece, hits, opened=start == 0, closed=start + len(piece) >= len(text))
    return _around(text, [], opened=True, closed=True)


def _around(text: str, hits: list[Placed], *, opened: bool, closed: bool) -> Markup:
    """The part of *text* around the first of *hits*; dots where it goes on, also beyond *text*."""
    start = max(0, hits[0].start - BEFORE) if hits else 0
    start = _word_end(text, start) if start else 0
    end = min(len(text), start + LENGTH)
    end = _word_start(text, end) if end < len(text) else end
    shown = _mark(text, start, end, [hit for hit in hits if start <= hit.start and hit.end <= end])
    before = Markup("") if opened and start == 0 else Markup("… ")
    after = Markup("") if closed and end == len(text) else Markup(" …")
    return before + shown.strip() + after


def _mark(text: str, start: int, end: int, hits: list[Placed]) -> Markup:
    made: list[str] = []  # put together once: adding to Markup escapes, looks and copies each time
    for hit in hits:
        if hit.start < start:  # "½" is two words, 1 and 2, in one place
            continue
        made += (escape(text[start : hit.start]), OPEN, escape(text[hit.start : hit.end]), CLOSE)
        start = hit.end
    made.append(escape(text[start:end]))
    return Markup("".join(made))  # noqa: S704 - each piece of text is escaped


def _hits(text: str, stems: frozenset[str], language: str) -> list[Placed]:
    """The words of *text* that have one of *stems*, in order."""
    words = _begun(text, stems) if text.isascii() else placed_words(text)
    written = language.split("-")[0]
    return [word for word in words if stem(word.word, written) in stems]


def _begun(text: str, stems: frozenset[str]) -> Iterator[Placed]:
    """The words of an ASCII text that begin as one of *stems* does: no others are looked at, which is most of them."""
    for match in _beginnings(stems).finditer(text):
        yield Placed(match[0].lower()[:LONGEST], match.start(), match.end())


@lru_cache(maxsize=64)
def _beginnings(stems: frozenset[str]) -> re.Pattern[str]:
    """Stems begin their words but for an i that stands for y: policy and policies are polici."""
    begun = sorted({word.removesuffix("i") for word in stems})
    return re.compile(
        rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, begun))})[a-z0-9]*", re.IGNORECASE | re.ASCII
    )


def _word_end(text: str, place: int) -> int:
    """Just behind the next blank after *place*, when one is near."""
    blank = text.find(" ", place, place + 30)
    return blank + 1 if blank >= 0 else place


def _word_start(text: str, place: int) -> int:
    """The last blank before *place*, when one is near."""
    blank = text.rfind(" ", place - 30, place)
    return blank if blank >= 0 else place
