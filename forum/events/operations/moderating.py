"""What moderation can do with the picture of an event; wiring registers PICTURE.

Events that were copied or split show the same file, so a decision holds for every one that shows it. A hidden picture
leaves the folder that everybody reads once the decision is durable, and comes back when it is overturned.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forum.core import uploads
from forum.core.transactions import after_commit
from forum.events import policy
from forum.events.models import Event
from forum.events.operations.changes import touched
from forum.events.queries import single
from forum.extensions import db
from forum.moderation.models import Measure
from forum.moderation.registry import Moderated, Shown, Thing, Viewer, Wording

KIND = "event_picture"


def load(event_id: int) -> Thing | None:
    """The picture of this event; None where it has none."""
    return load_many([event_id]).get(event_id)


def load_many(event_ids: Collection[int]) -> dict[int, Thing]:
    """The same of several."""
    found = db.session.scalars(single.with_pictures(event_ids)).unique()
    return {event.id: _thing(event) for event in found}


def sees(viewer: Viewer, event_id: int) -> bool:
    """Who sees the event sees its picture."""
    event = db.session.get(Event, event_id)
    return event is not None and bool(event.picture) and policy.can_see_event(viewer, event)


def about(viewer: Viewer, event_id: int) -> tuple[str, str] | None:
    """(title, address) of the event."""
    event = db.session.get_one(Event, event_id)
    return (event.title, _url(event)) if policy.can_see_event(viewer, event) else None


def path_of(event_id: int) -> Path | None:
    """Where the file lies now."""
    name = db.session.get_one(Event, event_id).picture
    places = (uploads.folder() / name, uploads.sealed_folder() / name) if name else ()
    return next((path for path in places if path.is_file()), None)


def hide(event_id: int, rule: int) -> None:
    """No event shows it any more, and its address answers nothing."""
    _mark(event_id, rule)


def show(event_id: int) -> None:
    """Every event that had it shows it again."""
    _mark(event_id, None)


def _mark(event_id: int, rule: int | None) -> None:
    name = db.session.get_one(Event, event_id).picture
    if not name:
        return
    for event in db.session.scalars(single.showing(name)).unique():
        event.picture_rule = rule
        touched(event)
    after_commit(lambda: uploads.unseal(name) if rule is None else uploads.seal(name))


def _thing(event: Event) -> Thing:
    shown = event.picture_rule is None
    return Thing(
        kind=KIND,
        id=event.id,
        author_id=event.created_by_id,
        author_name=_("Who hosts the event"),
        title=event.title,
        text=event.picture_alt or _("A picture without words"),
        url=_url(event),
        picture_url=f"/media/{event.picture}" if shown else "",
        neighborhood_id=event.neighborhoods[0].id if event.neighborhoods else None,
        created_at=event.updated_at,
        shown=Shown.SHOWN if shown else Shown.HIDDEN,
    )


def _url(event: Event) -> str:
    return f"/events/{event.id}-{event.slug}"


PICTURE = Moderated(
    kind=KIND, noun=_l("picture of an event"), load=load, load_many=load_many, sees=sees, show=show, hide=hide,
    about=about, picture=path_of, measures=(Measure.KEEP, Measure.WARN, Measure.HIDE),
    wording={
        Measure.HIDE: Wording(
            _l("Hide the picture: the event stays"),
            _l("We hid the picture of your event. The event itself stays."),
        ),
    },
)  # fmt: skip
