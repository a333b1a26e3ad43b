"""The pictures of a form that posts: kept as soon as they are sent, so that neither an error nor a preview loses one.

They wait on the server in the place of the draft. What comes with a form is a write of its own, before the form is
looked at: a refused form undoes what it would have posted, and not that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext as _
from flask_login import current_user

from forum.core import limits
from forum.core.current import this_request
from forum.core.errors import Refusal
from forum.core.forms import Form, clean_line
from forum.core.picked import pick
from forum.core.transactions import unit_of_work
from forum.core.uploads import Picture
from forum.discussions.models import LONGEST_ALT, Post, PostPicture
from forum.discussions.operations.attaching import MOST_PICTURES, Chosen, Enclosed, keep_waiting
from forum.discussions.queries.pictures import not_hidden, waiting_in
from forum.discussions.views import pictures
from forum.discussions.views.pictures import Shown
from forum.extensions import db

AT_MOST = "60 per hour"  # forms with files of one person: each costs up to a second of work
FIELD = "pictures"


@dataclass
class Row:
    """A picture of the form. *waits*: it is under no post yet. *dropped*: it is to be taken out when that is saved."""

    picture: PostPicture
    alt: str
    waits: bool
    dropped: bool = False
    error: str = ""

    @property
    def id(self) -> str:
        """What the names of its fields end with."""
        return self.picture.name[:12]

    @property
    def shown(self) -> Shown:
        """As it will stand under the post."""
        return pictures.shown(self.picture) | {"alt": self.alt}


@dataclass
class Attached:
    """The pictures of a form so far; ``errors`` tell what could not be taken."""

    place: str
    rows: list[Row]
    errors: list[str] = field(default_factory=list)
    most: int = MOST_PICTURES

    @property
    def kept(self) -> list[Row]:
        """Those that are not taken out."""
        return [row for row in self.rows if not row.dropped]

    @property
    def room(self) -> int:
        """How many more there may be."""
        return self.most - len(self.kept)

    @property
    def alts(self) -> tuple[str, ...]:
        """What they show, in words."""
        return tuple(row.alt for row in self.kept)

    @property
    def enclosed(self) -> Enclosed:
        """As the operations take them."""
        return Enclosed(self.place, tuple(Chosen(row.picture.name, row.alt) for row in self.kept))

    def check(self, form: Form) -> bool:
        """Whether they can be posted; what is wrong stands beside its field, and above *form*."""
        form.beside += [(FIELD, words) for words in self.errors]
        for number, row in enumerate(self.rows, 1):
            if not row.alt and not row.dropped:
                row.error = _("Say in a sentence what picture %(number)s shows.", number=number)
                form.beside.append((f"alt-{row.id}", row.error))
        return not form.beside


def has_files() -> bool:
    """Whether pictures came along with the form."""
    return any(upload.filename for upload in this_request().files.getlist(FIELD))


def begun(place: str, post: Post | None = None) -> Attached:
    """For a form that is opened: those of *post*, and what waits in *place*."""
    there = _all(place, post)
    rows = [Row(row, row.alt, row.post_id is None) for row in there]
    return Attached(place, rows, most=_most(post, there))


def taken(place: str, post: Post | None = None) -> Attached:
    """For a form that was sent: those that it names, with what was typed beside them, and the files that came along.

    What *post* has stays unless its box was ticked: a form that does not know of a picture does not remove it.
    """
    named = set(this_request().form.getlist("picture")[: 2 * MOST_PICTURES])
    files: list[Picture] = []
    there = _all(place, post) if named or post is not None else []
    rows = [_sent(row) for row in there if row.post_id is not None or row.name in named]
    kept = [row for row in rows if not (row.waits and row.dropped)]
    attached = Attached(place, kept, most=_most(post, there))
    if has_files():
        attached.errors += _picked(files, attached.room)
    waiting = [row for row in rows if row.waits]
    told = {row.picture.name: row.alt for row in waiting if row.alt != row.picture.alt}
    dropped = {row.picture.name for row in waiting if row.dropped}
    if not (files or told or dropped):
        return attached
    return _kept(attached, place, post, (files, told, dropped))


def _kept(
    attached: Attached,
    place: str,
    post: Post | None,
    changes: tuple[list[Picture], dict[str, str], set[str]],
) -> Attached:
    """Write *changes*, then read what there is now."""
    files, told, dropped = changes
    before = {row.picture.name: row for row in attached.rows}
    made: list[str] = []
    try:
        with unit_of_work():
            made = keep_waiting(actor=current_user, place=place, added=files, told=told, dropped=dropped)
    except Refusal as refusal:
        attached.errors.append(str(refusal.message))
    rows = [row for row in _all(place, post) if row.name in before or row.name in made]
    again = [before.get(row.name) or Row(row, row.alt, waits=True) for row in rows]
    return Attached(place, again, attached.errors, attached.most)


def _sent(row: PostPicture) -> Row:
    mark = row.name[:12]
    alt = clean_line(request.form.get(f"alt-{mark}", row.alt))[:LONGEST_ALT]
    return Row(row, alt, row.post_id is None, dropped=bool(request.form.get(f"drop-{mark}")))


def _picked(files: list[Picture], room: int) -> list[str]:
    """Read what came along into *files*; returns what is said of the rest."""
    if not limits.hit("post-pictures", str(current_user.id), AT_MOST):
        return [_("You have sent many pictures in the last hour. Please try again later.")]
    return pick(request, files.append, room=room, most=MOST_PICTURES, name=FIELD).errors


def _most(post: Post | None, there: Iterable[PostPicture]) -> int:
    """How many there may be beside those that a decision hid: one that comes back has its place."""
    hidden = post.pictures_count - sum(row.post_id is not None for row in there) if post is not None else 0
    return MOST_PICTURES - hidden


def _all(place: str, post: Post | None) -> list[PostPicture]:
    own = list(db.session.scalars(not_hidden([post.id]))) if post is not None and post.pictures_count else []
    return [*own, *db.session.scalars(waiting_in(current_user.id, place))]
