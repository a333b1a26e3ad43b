"""What topics can be about in other slices. Wiring fills it, since slices of one tier do not know each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forum.accounts.models import Person, Visitor

# (title, address) of what is talked about, for who may see it.
Finder = Callable[[Person | Visitor, int], tuple[str, str] | None]


@dataclass(frozen=True)
class Kind:
    """A kind of thing: the slug of the forum that its topics stand in, and how one is found.

    Where there is no forum of that slug, nobody is asked to talk.
    """

    forum: str
    find: Finder


kinds: dict[str, Kind] = {}


def subject_of(viewer: Person | Visitor, kind: str | None, about_id: int | None) -> tuple[str, str] | None:
    """(title, address) of what a topic is about; None when it is about nothing, or *viewer* may not see it."""
    known = kinds.get(kind or "")
    return known.find(viewer, about_id) if known is not None and about_id is not None else None
