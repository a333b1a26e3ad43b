"""What comes from the door: the plain form, and what a device noted while it had no network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from forum.core import clock
from forum.core.errors import Refusal
from forum.core.intake import LARGEST_ID
from forum.events.operations.door import Arriving, rsvp_id_in

MOST_ITEMS = 100  # in one batch
MOST_AT_ONCE = 1000  # people in one count
LARGEST_PARTY = 99  # that arrives by name: a family may bring more than it said
KEY = re.compile(r"[A-Za-z0-9-]{8,36}")
TICKET = re.compile(r"(?:.*/door/)?([0-9OoLlIi]{1,15}\.[0-9a-fA-FOoLlIi]{32})/?")
MISREAD = str.maketrans("OoLlIi", "001111")  # by who types a ticket from paper


def whole_number(text: str | None, least: int, most: int, field: str = "people") -> int:
    """A number that was typed; raises Refusal."""
    plain = (text or "").strip().removeprefix("+")
    if not re.fullmatch(r"-?[0-9]{1,10}", plain) or not least <= int(plain) <= most or int(plain) == 0:
        raise Refusal(_("Give a number."), field)
    return int(plain)


def key_of(text: str | None) -> str | None:
    """The key of a form that was sent; None for what is none."""
    return text if text and KEY.fullmatch(text) else None


def batch(sent: Any) -> list[tuple[str, Arriving | None]]:
    """(name, item) of what a device sends; None for an item that we do not understand.

    Raises Refusal for what is no batch.

    ``{"sent_at": ms, "items": [{"key", "people", "rsvp", "ticket", "undone", "at": ms}]}``. Times are the device's own:
    how long ago something was is believed, what time it was is not.
    """
    items = sent.get("items") if isinstance(sent, Mapping) else None
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        raise Refusal(_("This is no list from a door."))
    return [_item(item, sent.get("sent_at")) for item in items]


def ticket_in(text: Any) -> str:
    """The ticket in what a camera read or somebody typed, an address or its end; "" for anything else."""
    found = TICKET.fullmatch(text.strip()[:300]) if isinstance(text, str) else None
    return found[1].translate(MISREAD).lower() if found else ""


def _item(item: Any, sent_at: Any) -> tuple[str, Arriving | None]:
    key = item.get("key") if isinstance(item, Mapping) else None
    if not isinstance(key, str) or not KEY.fullmatch(key):
        return "", None
    undone = item.get("undone") is True
    if undone:
        return key, Arriving(key, 0, undone=True)
    rsvp_id, people = item.get("rsvp"), item.get("people")
    forged = False
    if "ticket" in item:
        rsvp_id = rsvp_id_in(ticket_in(item["ticket"]))
        forged = rsvp_id is None
    named = rsvp_id is not None or forged
    if named and not forged and not _is_number(rsvp_id, 1, LARGEST_ID):
        return key, None
    if not (named and people is None) and not _is_count(people, named):
        return key, None
    return key, Arriving(key, people, rsvp_id=rsvp_id, at=_moment(item.get("at"), sent_at), forged=forged)


def _is_count(people: Any, named: bool) -> bool:
    least, most = (1, LARGEST_PARTY) if named else (-MOST_AT_ONCE, MOST_AT_ONCE)
    return _is_number(people, least, most) and people != 0


def _is_number(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _moment(at: Any, sent_at: Any) -> datetime | None:
    """When it was, by how long before sending it was noted (milliseconds of the same clock)."""
    far = 10**15
    if not (_is_number(at, 0, far) and _is_number(sent_at, 0, far)):
        return None
    ago = timedelta(milliseconds=min(max(0, sent_at - at), 14 * 86_400_000))
    return clock.now() - ago
