"""Text as search compares it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

SHORT = 20  # characters of a text that many people write without knowing of each other («thanks»)
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


@lru_cache(maxsize=8)  # what is written is compared and then kept
def likeness(text: str) -> int | None:
    """A number of 64 bits that texts share which are the same when folded, and no others do; None for a SHORT one."""
    folded = fold(text)
    if len(folded) <= SHORT:
        return None
    digest = blake2b(folded.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def query_words(query: str, most: int = 8) -> list[str]:
    """The folded words of what someone typed, at most *most* of them, longest 40 characters each."""
    return [word[:40] for word in _WORD.findall(fold(query))][:most]
