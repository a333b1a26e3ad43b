"""What the demonstration's people say in the forums (`data/forums.json`): neighborly, critical, and answered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from forum.demo.grid import DATA


@dataclass(frozen=True)
class Word:
    """A post: *who* (a mailbox of the cast), so many hours after the topic began, what, in answer to which number."""

    who: str
    after: float
    text: str
    to: int | None = None
    official: bool = False


@dataclass(frozen=True)
class Talk:
    """A topic: its forum's English name, how many days ago it began, its posts; what staff did to it, with reasons."""

    forum: str
    days: int
    title: str
    posts: tuple[Word, ...]
    tags: tuple[str, ...] = ()
    pinned: bool = False
    locked: str = ""
    slow: str = ""


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "forums.json").read_text(encoding="utf-8"))
    return found


def forums() -> list[dict[str, Any]]:
    """The forums: ``name`` and ``about`` by language, ``starters``."""
    return list(_read()["forums"])


def talks() -> list[Talk]:
    """Every topic."""
    return [
        Talk(**{**topic, "posts": tuple(Word(**post) for post in topic["posts"])})
        for topic in _read()["topics"]
    ]
