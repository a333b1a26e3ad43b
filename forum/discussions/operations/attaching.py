"""Pictures: kept while somebody writes, put under the post that is sent, taken out again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import clock, uploads
from forum.core.errors import Refusal
from forum.core.transactions import after_commit, operation
from forum.core.uploads import Picture
from forum.discussions.models import LONGEST_ALT, Post, PostPicture
from forum.discussions.pictures import folder
from forum.discussions.queries import pictures
from forum.extensions import db

MOST_PICTURES = 4  # of one post
MOST_WAITING = 40  # of one person, in all that they are writing
KEEP = timedelta(days=60)  # as drafts are


class Chosen(NamedTuple):
    """A picture of a form: the name of its file, and what it shows."""

    name: str
    alt: str


@dataclass(frozen=True)
class Enclosed:
    """The pictures of a form, in order, and the place where the new ones among them wait, with a draft of the words."""

    place: str = ""
    chosen: tuple[Chosen, ...] = ()


NOTHING = Enclosed()


class Changes(NamedTuple):
    """How many pictures came, went, and have other words now."""

    came: int = 0
    went: int = 0
    told: int = 0


@operation
def keep_waiting(
    *,
    actor: Person,
    place: str,
    added: Sequence[Picture] = (),
    told: Mapping[str, str] | None = None,
    dropped: Collection[str] = (),
) -> list[str]:
    """Keep *added* for what *actor* writes in *place*, note what others show (words by name), remove the *dropped*.

    Returns the names of the new ones. Refusal when too many wait in their drafts, or when the disk is full.
    """
    db.session.scalars(select(Person.id).where(Person.id == actor.id).with_for_update()).one()
    rows = list(db.session.scalars(pictures.waiting_in(actor.id, place)))
    _remove(row for row in rows if row.name in dropped)
    for row in rows:
        if row.name in (told or {}):
            row.alt = (told or {})[row.name][:LONGEST_ALT]
    if added and (db.session.scalar(pictures.waiting_count(actor.id)) or 0) + len(added) > MOST_WAITING:
        raise Refusal(
            _("Many pictures wait in your drafts. Send or take out some of them first."), "pictures"
        )
    first = max((row.position for row in rows), default=-1) + 1
    made = [_waiting(actor, place, picture, position) for position, picture in enumerate(added, first)]
    db.session.add_all(made)
    db.session.flush()
    return [row.name for row in made]


@operation
def forget_waiting(*, actor: Person, place: str) -> None:
    """Remove what waits in *place*: what was written there is sent."""
    _remove(db.session.scalars(pictures.waiting_in(actor.id, place)))


@operation
def forget_waiting_of(person_id: int) -> None:
    """Remove all that an account has chosen and not sent, when it is erased."""
    _remove(db.session.scalars(pictures.waiting_of(person_id)))


@operation
def forget_old_waiting() -> None:
    """Remove what nobody has sent for two months."""
    _remove(db.session.scalars(pictures.waiting_before(clock.now() - KEEP)))


def put_under(post: Post, actor: Person, enclosed: Enclosed) -> Changes:
    """Make the pictures of a flushed, held *post* those that *enclosed* names, in that order.

    Refusal for too many, for one without words, and for one that is no longer there.
    """
    there = db.session.scalars(pictures.pictures_of([post.id])).all()
    before = {row.name: row for row in there if row.rule_number is None}
    hidden = len(there) - len(before)
    held = pictures.waiting_in(actor.id, enclosed.place).with_for_update()
    waiting = {row.name: row for row in db.session.scalars(held)} if enclosed.place else {}
    _check(enclosed.chosen, before.keys() | waiting.keys(), MOST_PICTURES - hidden)
    names = [name for name, _alt in enclosed.chosen]
    told = sum(name in before and before[name].alt != alt for name, alt in enclosed.chosen)
    for position, (name, alt) in enumerate(enclosed.chosen):
        row = before.get(name) or waiting[name]
        row.post_id, row.person_id, row.place = post.id, None, None
        row.alt, row.position, row.kept_at = alt, position, post.created_at
    went = [row for name, row in before.items() if name not in names]
    _remove(went)
    post.pictures_count = len(names) + hidden
    db.session.flush()
    return Changes(len(names) - len(before) + len(went), len(went), told)


def take_away(post: Post) -> None:
    """Remove the pictures of *post*, rows and files; what a decision hid stays, as its words would."""
    if post.pictures_count:
        gone = db.session.scalars(pictures.not_hidden([post.id])).all()
        _remove(gone)
        post.pictures_count -= len(gone)


def _check(chosen: Sequence[Chosen], there: Collection[str], most: int) -> None:
    if len(chosen) > most:
        raise Refusal(_("Send at most %(most)s pictures.", most=most), "pictures")
    if len({name for name, _alt in chosen} & set(there)) < len(chosen):
        raise Refusal(
            _("A picture is no longer there. Your text is kept: please choose the picture again."), "pictures"
        )
    if not all(0 < len(alt) <= LONGEST_ALT for _name, alt in chosen):
        raise Refusal(_("Say in a sentence what each picture shows."), "pictures")


def _waiting(actor: Person, place: str, picture: Picture, position: int) -> PostPicture:
    return PostPicture(
        person_id=actor.id, place=place, name=picture.store(folder()), width=picture.width, height=picture.height,
        position=position, kept_at=clock.now(),
    )  # fmt: skip


def _remove(rows: Iterable[PostPicture]) -> None:
    """The files go once it is durable that nothing names them any more."""
    for row in list(rows):
        name = row.name
        db.session.delete(row)
        after_commit(lambda name=name: uploads.remove(name, folder()))  # type: ignore[misc]
    db.session.flush()
