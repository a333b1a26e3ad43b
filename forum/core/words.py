"""Text as search compares it."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """*text* in lower case without accents, white space folded: «Reunión  Vecinal» and «reunion vecinal» are one."""
    if text.isascii():  # most texts are, and have nothing to take apart
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def query_words(query: str, most: int = 8) -> list[str]:
    """The folded words of what someone typed, at most *most* of them, longest 40 characters each."""
    return [word[:40] for word in _WORD.findall(fold(query))][:most]
