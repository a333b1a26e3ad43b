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


def fold_all(texts: Sequence[str]) -> list[str]:
    """Each of *texts* folded, in a few steps for all of them."""
    together = fold(" \0 ".join([text.replace("\0", " ") for text in texts]))
    return [text.strip() for text in together.split("\0")] if texts else []


def query_words(query: str, most: int = 8) -> list[str]:
    """The folded words of what someone typed, at most *most* of them, longest 40 characters each."""
    return [word[:40] for word in _WORD.findall(fold(query))][:most]
