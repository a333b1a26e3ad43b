"""The administrator's list of kinds."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from forum.audit.operations import Actor, record
from forum.core.errors import Refusal
from forum.core.slugs import slug_of
from forum.core.transactions import operation
from forum.events.acts import EventAct
from forum.events.models import Color, EventKind, Shape
from forum.events.operations.changes import outdate_kind
from forum.extensions import db


@operation
def save_kind(
    *,
    actor: Actor | None,
    names: dict[str, str],
    color: Color,
    shape: Shape,
    position: int | None = None,
    retired: bool = False,
    kind: EventKind | None = None,
) -> EventKind:
    """Add a kind, or change *kind*. *names* holds one name a language, English at least; its slug never changes."""
    if not names.get("en", "").strip():
        raise Refusal(_("Give the kind a name in English."), "name_en")
    new = kind is None
    if kind is None:
        slug = slug_of(names["en"], "event")
        if db.session.scalar(select(EventKind.id).where(EventKind.slug == slug)) is not None:
            raise Refusal(_("There is a kind of this name already."), "name_en")
        last = db.session.scalar(select(func.max(EventKind.position))) or 0
        kind = EventKind(slug=slug, position=last + 1)
        db.session.add(kind)
    before = kind.names
    kind.names = {tag: name.strip() for tag, name in names.items() if name.strip()}
    kind.color, kind.shape, kind.retired = color, shape, retired
    if position is not None:
        kind.position = position
    db.session.flush()
    if not new and kind.names != before:
        outdate_kind(kind.id)
    record(actor=actor, act=EventAct.KIND_CREATE if new else EventAct.KIND_CHANGE, subject=kind)
    return kind
