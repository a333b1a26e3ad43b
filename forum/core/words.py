"""Text as search compares it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """*text* in lower case without accents, white space folded: «Reunión  Vecinal» and «reunion vecinal» are one."""
    if text.isascii():  # most texts are, and have nothing to take apart
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text).casefold()
    for mark in filter(
        unicodedata.combining, set(plain)
    ):  # of a long text a few dozen characters are looked at
        plain = plain.replace(mark, "")
    return " ".join(plain.split())


def how_often(folded: str, texts: Sequence[str]) -> int:
    """How many of *texts* are *folded* when they are; all of them are folded at once, and seldom one by one."""
    if not folded or folded not in fold(" \0 ".join(texts)):
        return 0
    return sum(fold(text) == folded for text in texts)


def query_words(query: str, most: int = 8) -> list[str]:
    """The folded words of what someone typed, at most *most* of them, longest 40 characters each."""
    return [word[:40] for word in _WORD.findall(fold(query))][:most]
