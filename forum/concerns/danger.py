"""Words that may mean danger now. The rules are a list in a file of this installation, which a public page shows.

Nothing is decided by them and nothing is held back: whoever writes one of these words is first told whom to call.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from forum.core.words import fold

RULES = Path(__file__).parent / "data" / "danger.csv"


@cache
def rules() -> dict[str, list[str]]:
    """The words by language, as the file lists them."""
    found: dict[str, list[str]] = {}
    with RULES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["language"], []).append(row["words"])
    return found


def speaks_of_danger(*texts: str) -> bool:
    """Whether a word of the list stands in one of *texts*, whatever the language it is written in."""
    return any(_pattern().search(_plain(text)) for text in texts if text)


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(
        {_plain(entry) for entries in rules().values() for entry in entries}, key=len, reverse=True
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")


def _plain(text: str) -> str:
    """*text* folded, with one kind of apostrophe."""
    return fold(text).replace("’", "'")
