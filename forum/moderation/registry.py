"""What can be moderated: each kind is registered by wiring, since the things belong to slices above this one.

A slice offers functions of a thing's id; operations of this slice call them inside their own transaction, so they
change rows and flush, and neither commit nor tell anybody of the decision (this slice does). Every one of them may be
called again with the same effect.

    register(Moderated(
        kind="post", noun=_l("post"),
        load=...,            # id -> Thing or None; also of what is held, hidden or deleted
        sees=...,            # (viewer, id) -> whether that person (or visitor) may read it now
        hold=...,            # others no longer read it, its author does, marked «waits for a person»
        show=...,            # as it was before: place, subscriptions, and notifications that did not go out
        hide=...,            # (id, rule number): a tombstone stands in its place and names the rule
        give_back=...,       # others no longer read it; its author can edit it: ``receive(..., edited=True)``
        load_many=...,       # ids -> {id: Thing}, in one question: the queue shows fifty
        replace_text=...,    # (id, text): another text in its place, made anew (HTML, search), without a public diff
    ))

The slice calls :func:`forum.moderation.operations.receiving.receive` after each new thing and each edit by its author,
asks ``queries.pauses.is_paused`` before it takes one, and links from each thing to ``url_for("moderation.report",
kind=..., thing_id=...)`` and, for its author, from what is held or hidden to ``url_for("moderation.case", code=...)``
(``queries.cases.code_for``). ``Thing.text`` is everything its author wrote: a title of their own comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from forum.accounts.models import Person, Visitor

Viewer = Person | Visitor


class Shown(StrEnum):
    """Whether others read a thing."""

    DELETED = "deleted"
    GIVEN_BACK = "given_back"
    HELD = "held"
    HIDDEN = "hidden"
    SHOWN = "shown"


@dataclass(frozen=True, kw_only=True)
class ThingPicture:
    """A picture of a thing: where who may sees it, large and *small*, what it shows in its author's words, and the
    pixels of the smaller copy."""

    url: str
    small: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What moderation needs of a thing.

    *author_id* is whoever wrote it, also where others must not know (*veiled*): no page of this slice says it, and the
    ledger does not name who appeals. *author_name* is what others read («Resident of Eastside»). *edit_url* is where
    the author edits it.
    """

    kind: str
    id: int
    author_id: int | None
    author_name: str
    veiled: bool = False
    title: str
    text: str
    url: str
    edit_url: str = ""
    neighborhood_id: int | None = None
    created_at: datetime
    shown: Shown = Shown.SHOWN
    pictures: tuple[ThingPicture, ...] = ()

    @property
    def all_words(self) -> str:
        """Its text, then what its pictures show: places in the text stay where they are."""
        return "\n\n".join((self.text, *(picture.alt for picture in self.pictures)))


@dataclass(frozen=True, kw_only=True)
class Moderated:
    """A kind of thing and what can be done with one."""

    kind: str
    noun: Any  # translated: «post»
    load: Callable[[int], Thing | None]
    sees: Callable[[Viewer, int], bool]
    hold: Callable[[int], None]
    show: Callable[[int], None]
    hide: Callable[[int, int], None]
    give_back: Callable[[int], None]
    replace_text: Callable[[int, str], None]
    load_many: Callable[[Collection[int]], Mapping[int, Thing]] | None = (
        None  # for lists: one question for a page
    )


kinds: dict[str, Moderated] = {}


def register(moderated: Moderated) -> None:
    """Offer a kind to be moderated."""
    kinds[moderated.kind] = moderated


def thing_of(kind: str, thing_id: int) -> Thing | None:
    """The thing, or None: it is gone for good, or of no kind that is registered."""
    moderated = kinds.get(kind)
    return moderated.load(thing_id) if moderated is not None else None


def things_of(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Thing]:
    """The things there are among *wanted* (kind, id), with one question a kind where it offers that."""
    by_kind: dict[str, set[int]] = {}
    for kind, thing_id in wanted:
        by_kind.setdefault(kind, set()).add(thing_id)
    found: dict[tuple[str, int], Thing] = {}
    for kind, ids in by_kind.items():
        moderated = kinds.get(kind)
        if moderated is not None and moderated.load_many is not None:
            found |= {(kind, thing_id): thing for thing_id, thing in moderated.load_many(ids).items()}
        else:
            found |= {(kind, each): thing for each in ids if (thing := thing_of(kind, each)) is not None}
    return found


@dataclass
class Calendar:
    """Filled by wiring: the days on which nobody works."""

    holidays: Callable[[], Collection[date]] = tuple


calendar = Calendar()
