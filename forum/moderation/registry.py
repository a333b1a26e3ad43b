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
        replace_text=...,    # (id, text): another text in its place, made anew (HTML, search), without a public diff
        load_many=...,       # ids -> {id: Thing}, in one question: the queue shows fifty
        measures=(...),      # what can be decided about it, the mildest first; by default all of it
        wording={...},       # where a measure has other words for this kind: {Measure.HIDE: Wording(choice, told)}
        about=...,           # (viewer, id) -> (title, address) of what it belongs to: the event of a comment
        picture=...,         # id -> the file of a picture, wherever it lies now, or None
        within=...,          # (since, until, author ids or none, limit) -> Things written then: waves are made of them
    ))

What ``measures`` leave out need not be there: a kind without ``EDIT`` has no ``give_back``, one that no filter reads no
``hold``. A picture that somebody sent is a kind of its own, in a few lines:

    register(Moderated(
        kind="post_picture", noun=_l("picture under a post"), load=load, load_many=load_many, sees=sees, show=show,
        hide=hide, picture=path_of, measures=PICTURE_MEASURES,
    ))

The slice calls :func:`forum.moderation.operations.receiving.receive` after each new thing and each edit by its author,
asks ``queries.pauses.is_paused`` before it takes one, and links from each thing to ``url_for("moderation.report",
kind=..., thing_id=...)`` and, for its author, from what is held or hidden to ``url_for("moderation.case", code=...)``
(``queries.cases.code_for``). ``Thing.text`` is everything its author wrote: a title of their own comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from forum.accounts.models import Person, Visitor
from forum.core import markdown
from forum.moderation.models import Measure

Viewer = Person | Visitor

# The mildest first, which is the order in which they are offered.
MEASURES = (Measure.KEEP, Measure.EDIT, Measure.REDACT, Measure.WARN, Measure.HIDE, Measure.PAUSE)
# A picture is there or it is not: nobody takes a face out of one here, and its words are changed where they stand.
PICTURE_MEASURES = (Measure.KEEP, Measure.WARN, Measure.HIDE, Measure.PAUSE)

LONGEST_QUOTE = 20_000  # characters


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
    the author edits it. *noun*: where one of its kind has another name («comment on an event»). *picture_url*: where
    whoever reads the thing sees its picture. *marked*: the end of *text* that is Markdown. *spoken*: what stands before
    that in the reader's language, where some of its words are the site's own. *history_url*: what it said before.
    """

    kind: str
    id: int
    author_id: int | None
    author_name: str
    veiled: bool = False
    title: str
    text: str
    marked: str = ""
    spoken: str = ""
    history_url: str = ""
    url: str
    edit_url: str = ""
    noun: Any = ""
    picture_url: str = ""
    neighborhood_id: int | None = None
    created_at: datetime
    shown: Shown = Shown.SHOWN
    pictures: tuple[ThingPicture, ...] = ()

    @property
    def all_words(self) -> str:
        """Its text, then what its pictures show: places in the text stay where they are."""
        return "\n\n".join((self.text, *(picture.alt for picture in self.pictures)))

    def quoted(self, most: int = LONGEST_QUOTE) -> str:
        """Its text as readers see it, without the marks of Markdown; of that *most* characters are looked at."""
        return self.before + markdown.plain(self.marked[:most])

    @property
    def before(self) -> str:
        """What stands before its Markdown, in the reader's language."""
        return self.spoken or self.text.removesuffix(self.marked)

    @property
    def as_written(self) -> str:
        """Its text with its Markdown, in the reader's language."""
        return self.before + self.marked


@dataclass(frozen=True)
class Wording:
    """A measure in the words of one kind: what a moderator chooses, and what the author is told happened."""

    choice: Any
    told: Any


def _never(*_given: Any) -> None:
    """In place of what no measure of a kind asks for."""
    raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Moderated:
    """A kind of thing and what can be done with one."""

    kind: str
    noun: Any  # translated: «post»
    load: Callable[[int], Thing | None]
    sees: Callable[[Viewer, int], bool]
    show: Callable[[int], None]
    hide: Callable[[int, int], None]
    hold: Callable[[int], None] = _never
    give_back: Callable[[int], None] = _never
    replace_text: Callable[[int, str], None] = _never
    load_many: Callable[[Collection[int]], Mapping[int, Thing]] | None = (
        None  # for lists: one question for a page
    )
    measures: Sequence[Measure] = MEASURES
    wording: Mapping[Measure, Wording] = field(default_factory=dict)
    about: Callable[[Viewer, int], tuple[str, str] | None] | None = None
    picture: Callable[[int], Path | None] | None = None
    within: Callable[[datetime, datetime, Collection[int], int], Sequence[Thing]] | None = None


kinds: dict[str, Moderated] = {}


def register(moderated: Moderated) -> None:
    """Offer a kind to be moderated."""
    kinds[moderated.kind] = moderated


def thing_of(kind: str, thing_id: int) -> Thing | None:
    """The thing, or None: it is gone for good, or of no kind that is registered."""
    moderated = kinds.get(kind)
    return moderated.load(thing_id) if moderated is not None else None


def excerpt(thing: Thing, most: int = 140) -> str:
    """The beginning of what it says, in one line."""
    text = " ".join(thing.quoted(4 * most).split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def noun_of(thing: Thing) -> Any:
    """What one calls it: «post», «comment on an event»."""
    return thing.noun or kinds[thing.kind].noun


def about_of(viewer: Viewer, thing: Thing) -> tuple[str, str] | None:
    """(title, address) of what it belongs to, for who may see that."""
    about = kinds[thing.kind].about
    return about(viewer, thing.id) if about is not None else None


def picture_of(kind: str, thing_id: int) -> Path | None:
    """The file of a thing that is a picture; None for everything else, and where it is gone."""
    moderated = kinds.get(kind)
    return moderated.picture(thing_id) if moderated is not None and moderated.picture is not None else None


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


@dataclass
class Authors:
    """Filled by wiring: what others see of who writes. Neither knows of anything written under «Resident of»."""

    # (viewer, ids) -> those of them who have written something under their name that the viewer reads.
    seen: Callable[[Viewer, Collection[int]], set[int]] = lambda _viewer, _ids: set()
    # (thing) -> ids of other people who wrote the very same under their name at about the same time.
    same_text: Callable[[Thing], set[int]] = lambda _thing: set()


authors = Authors()
