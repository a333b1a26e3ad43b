"""What changed between two texts, by words."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

# A word with the blanks before it: words that are added at the end leave the last one as it was.
_WORD = re.compile(r"\s*\S+|\s+")


class Piece(NamedTuple):
    """Some words that stayed ("same"), came ("in") or went ("out")."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order: without the "in" they are *before*, without the "out" they are *after*."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        pieces += [
            Piece(kind, text)
            for kind, text in (("out", "".join(old[a:b])), ("in", "".join(new[c:d])))
            if text
        ]
    return pieces
