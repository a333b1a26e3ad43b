"""What others see of a person: the name beside their posts, and what a page about staff says. Wiring registers it.

Nobody finds names by counting through ids: who sees a name is who reads something under it (``registry.authors``).
"""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from forum.accounts.models import Person
from forum.accounts.operations.people import give_name_back, hide_name
from forum.extensions import db
from forum.moderation.models import Measure
from forum.moderation.registry import Moderated, Shown, Thing, Viewer, Wording, authors

KIND = "profile"


def load(person_id: int) -> Thing | None:
    """The name as moderation takes it; None once the account is erased."""
    return load_many([person_id]).get(person_id)


def load_many(person_ids: Collection[int]) -> dict[int, Thing]:
    """The same of several."""
    wanted = select(Person).where(Person.id.in_(person_ids), Person.erased_at.is_(None))
    return {person.id: _thing(person) for person in db.session.scalars(wanted)}


def sees(viewer: Viewer, person_id: int) -> bool:
    """Everybody sees who works here; of others, whoever reads something under their name."""
    person = db.session.get(Person, person_id)
    if person is None or person.erased_at is not None or person.confirmed_at is None:
        return False
    return (person.is_staff and person.is_active) or person_id in authors.seen(viewer, [person_id])


def hide(person_id: int, _rule: int) -> None:
    """Others read a stand-in until its owner chooses another name."""
    hide_name(_locked(person_id), _("Neighbor %(number)s", number=person_id))


def show(person_id: int) -> None:
    """The name as it was, unless its owner has chosen another meanwhile."""
    give_name_back(_locked(person_id))


def _locked(person_id: int) -> Person:
    held = select(Person).where(Person.id == person_id).with_for_update(of=Person)
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def _thing(person: Person) -> Thing:
    name = person.hidden_name or person.name
    return Thing(
        kind=KIND,
        id=person.id,
        author_id=person.id,
        author_name=person.name,
        title="",
        text="\n".join(line for line in (name, person.title, person.public_contact) if line),
        url=f"/people/{person.id}" if person.is_staff else "",
        edit_url="/account/name",
        created_at=person.created_at,
        shown=Shown.SHOWN if person.hidden_name is None else Shown.HIDDEN,
    )


PROFILE = Moderated(
    kind=KIND, noun=_l("name"), load=load, load_many=load_many, sees=sees, show=show, hide=hide,
    measures=(Measure.KEEP, Measure.WARN, Measure.HIDE, Measure.PAUSE),
    wording={
        Measure.WARN: Wording(
            _l("Warn: the name stays, and we ask for another"),
            _l("Your name stays for now. Please choose another one."),
        ),
        Measure.HIDE: Wording(
            _l("Hide the name: others read “Neighbor” and a number until its owner chooses another"),
            _l("We hid your name. Others read “Neighbor” and a number until you choose another name."),
        ),
        Measure.PAUSE: Wording(
            _l("Hide the name, and pause posting"),
            _l("We hid your name until you choose another one, and you cannot post for a time."),
        ),
    },
)  # fmt: skip
