"""What topics can be about in other slices. Wiring fills it, since slices of one tier do not know each other."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from forum.accounts.models import Person, Role, Visitor

# (title, address) of what is talked about, for who may see it.
Finder = Callable[[Person | Visitor, int], tuple[str, str] | None]


@dataclass(frozen=True)
class Kind:
    """A kind of thing: the slug of the forum that its topics stand in, how one is found, whether everybody sees it, and
    who sees one that is not public.

    Where there is no forum of that slug, nobody is asked to talk. Whoever makes one public, or withdraws it, says so to
    ``operations.talking.show_talk_about``.
    """

    forum: str
    find: Finder
    is_public: Callable[[int], bool]
    readers: Collection[Role] = ()


kinds: dict[str, Kind] = {}


def open_to(role: Any) -> list[str]:
    """The kinds of which this role sees also what is not public."""
    return sorted(word for word, kind in kinds.items() if role in kind.readers)


def subject_of(viewer: Person | Visitor, kind: str | None, about_id: int | None) -> tuple[str, str] | None:
    """(title, address) of what a topic is about; None when it is about nothing, or *viewer* may not see it."""
    known = kinds.get(kind or "")
    return known.find(viewer, about_id) if known is not None and about_id is not None else None
