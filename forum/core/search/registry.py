"""What can be found: kinds, each registered by wiring for the slice that knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PUBLIC = "public"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What search knows of one thing. *text* is plain words, *at* an aware moment, *audience* one of its kind's.

    *more* are words to find it by that do not stand in its text; no phrase reaches from one of them into another.
    """

    subject_id: int
    title: str
    text: str
    at: datetime
    more: tuple[str, ...] = ()
    audience: str = PUBLIC
    neighborhood_ids: tuple[int, ...] = ()
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class Found:
    """One thing as the list of what was found shows it: *meta* are short facts in the page's language."""

    url: str
    title: str
    meta: tuple[str, ...] = ()
    status: str = ""
    tone: str = "accent"
    dated: bool = False  # whether the day of its entry says something that *meta* does not


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How search deals with the things of one kind, whose *word* is ``[a-z_]+``.

    *entries* gives what is to be found among the things with these ids, and nothing of any other: a draft, a thing that
    is gone. *ids* gives all ids that there are. *load* gives what *viewer* may see of these ids; whatever it leaves out
    is not shown. *audiences* says of each audience but "public" who belongs to it.
    """

    word: str
    label: Any  # "Events", lazily translated
    one: Any  # "Event", beside each of them
    entries: Callable[[Sequence[int]], Iterable[Entry]]
    ids: Callable[[], Sequence[int]]
    load: Callable[[Any, Sequence[int]], Mapping[int, Found]]
    audiences: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)


kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Let things of *kind* be found."""
    kinds[kind.word] = kind


def audiences_of(viewer: Any) -> list[str]:
    """The audiences that *viewer* belongs to, everybody's first. A word stands for the same people in every kind."""
    found = {word for kind in kinds.values() for word, holds in kind.audiences.items() if holds(viewer)}
    return [PUBLIC, *sorted(found)]
