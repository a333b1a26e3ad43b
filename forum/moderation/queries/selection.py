"""What a wave is chosen from: what was written in a time, by whom, and what of it says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from forum.core import clock
from forum.core.words import fold
from forum.extensions import db
from forum.moderation import registry
from forum.moderation.models import Case
from forum.moderation.policy import Viewer, can_decide, can_moderate
from forum.moderation.queries import cases, waves
from forum.moderation.registry import Thing

LOOKED_AT = 1000  # things that are read to find who wrote much, and what stands there again and again
SHORTEST = 20  # characters: «thanks» is no flood
LISTED = 20  # authors or texts
SPAN = timedelta(days=1)
LONGEST_SPAN = timedelta(days=31)
MOST_AUTHORS = 20


@dataclass(frozen=True)
class Selection:
    """A time, and whose things (named authors alone), or which text."""

    since: datetime
    until: datetime
    authors: tuple[int, ...] = ()
    same: tuple[str, int] | None = None  # what says the same as this thing

    @classmethod
    def from_args(cls, args: Any) -> Selection:
        """Read the query string or form; what cannot be read is left out, and a span is 31 days at most."""
        until = _moment(args.get("until")) or clock.now()
        since = _moment(args.get("since")) or until - SPAN
        kind, _colon, number = str(args.get("same", "")).partition(":")
        ids = sorted({int(each) for each in args.getlist("author") if _is_id(each)})[:MOST_AUTHORS]
        same = (kind, int(number)) if kind in registry.kinds and _is_id(number) else None
        return cls(max(since, until - LONGEST_SPAN), until, tuple(ids), same)

    @property
    def is_made(self) -> bool:
        """Whether it says whose or which."""
        return bool(self.authors) or self.same is not None

    def as_args(self) -> dict[str, Any]:
        """The query string again."""
        found: dict[str, Any] = {"since": local(self.since), "until": local(self.until)}
        if self.authors:
            found["author"] = list(self.authors)
        if self.same is not None:
            found["same"] = f"{self.same[0]}:{self.same[1]}"
        return found


@dataclass(frozen=True)
class Found:
    """What a selection finds: *things* that the moderator may hide, and how many it leaves to others, or for later."""

    things: Sequence[Thing]
    left_out: int = 0
    more: bool = False
    reporters: int = 0


@dataclass(frozen=True)
class Flood:
    """What stands out in a time: (author, name, how many) and (a thing, how many say the same, how many names)."""

    authors: Sequence[tuple[int, str, int]] = field(default_factory=list)
    texts: Sequence[tuple[Thing, int, int]] = field(default_factory=list)
    cut: bool = False


def chosen(viewer: Viewer, selection: Selection, most: int) -> Found:
    """At most *most* things of a selection, the newest first; nothing for who does not moderate."""
    if not can_moderate(viewer) or not selection.is_made:
        return Found([])
    things = _written(selection, LOOKED_AT)
    if selection.same is not None:
        model = registry.thing_of(*selection.same)
        words = fold(model.text) if model is not None else ""
        things = [each for each in things if words and fold(each.text) == words]
    free, reporters = _free(viewer, things)
    return Found(free[:most], len(things) - len(free), len(free) > most, reporters)


def standing_out(viewer: Viewer, selection: Selection) -> Flood:
    """Who wrote more than once in this time, and what was written more than once."""
    if not can_moderate(viewer):
        return Flood()
    things = _written(Selection(selection.since, selection.until), LOOKED_AT)
    named = {each.author_id: each.author_name for each in things if each.author_id and not each.veiled}
    often = Counter(each.author_id for each in things if each.author_id and not each.veiled)
    texts: dict[str, list[Thing]] = {}
    for each in things:
        if len(folded := fold(each.text)) > SHORTEST:
            texts.setdefault(folded, []).append(each)
    again = sorted((same for same in texts.values() if len(same) > 1), key=len, reverse=True)
    return Flood(
        [(who, named[who], count) for who, count in often.most_common(LISTED) if count > 1 and who],
        [(same[0], len(same), len({each.author_id for each in same if not each.veiled})) for same in again[:LISTED]],
        len(things) == LOOKED_AT,
    )  # fmt: skip


def local(moment: datetime) -> str:
    """A moment as a form has it: on the agency's wall clock, to the minute."""
    return clock.to_local(moment).strftime("%Y-%m-%dT%H:%M")


def _written(selection: Selection, limit: int) -> list[Thing]:
    """Of every kind that is written in floods, the newest first."""
    until = selection.until + timedelta(minutes=1)  # the form says minutes: the last one is part of it
    found = [
        thing
        for moderated in registry.kinds.values()
        if moderated.within is not None
        for thing in moderated.within(selection.since, until, selection.authors, limit)
    ]
    return sorted(found, key=lambda thing: thing.created_at, reverse=True)[:limit]


def _free(viewer: Viewer, things: Sequence[Thing]) -> tuple[list[Thing], int]:
    """Those that *viewer* may decide about, and how many people reported them."""
    found = _open(things)
    reporters: dict[int, set[int | None]] = {}
    ids = [case.id for case in found.values()]
    for case_id, person_id in db.session.execute(cases.reporters_in(ids)) if ids else ():
        reporters.setdefault(case_id, set()).add(person_id)
    free: list[Thing] = []
    heard: set[int | None] = set()
    for thing in things:
        case = found.get((thing.kind, thing.id))
        told = reporters.get(case.id, set()) if case is not None else set()
        involved: Collection[int | None] = {thing.author_id, *told}
        if viewer.id not in involved and (case is None or can_decide(viewer, case, involved)):
            free.append(thing)
            heard |= told - {None}
    return free, len(heard)


def _open(things: Sequence[Thing]) -> Mapping[tuple[str, int], Case]:
    found: dict[tuple[str, int], Case] = {}
    for kind in {thing.kind for thing in things}:
        ids = [thing.id for thing in things if thing.kind == kind]
        found |= {(kind, case.thing_id): case for case in db.session.scalars(waves.open_cases(kind, ids))}
    return found


def _moment(text: str | None) -> datetime | None:
    try:
        given = datetime.fromisoformat((text or "")[:16])
        return clock.to_utc(given.replace(tzinfo=None), clock.agency_zone())
    except (ValueError, OverflowError):
        return None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
