"""What the roster shows: totals, and a page of answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import Row

from forum.core import clock, templating
from forum.events import policy
from forum.events.models import Channel, Occurrence
from forum.events.operations.line import free_places
from forum.events.policy import Viewer
from forum.events.queries import roster
from forum.events.queries.roster import PAGE, RosterFilter, Standing, standing_of
from forum.events.views import rows
from forum.events.views.date_tabs import date_tabs
from forum.events.views.needs_part import needs_context
from forum.extensions import db

TONES = {Standing.GOING: "good", Standing.OFFERED: "wait", Standing.WAITING: "wait"}


def roster_context(viewer: Viewer, occurrence: Occurrence) -> dict[str, Any]:
    """Template variables of ``events/desk_roster.html``, forms left out."""
    wanted = RosterFilter.from_args(request.args)
    answered = _answered(viewer, occurrence.id)
    desk = f"/desk/events/{occurrence.event_id}"
    date = f"{desk}/dates/{occurrence.original_date.isoformat()}"
    return {
        "occurrence": occurrence,
        "event": occurrence.event,
        "row": rows.event_row(occurrence),
        "date_tabs": date_tabs(occurrence, "events_dates.roster"),
        "places": occurrence.places,
        "free": free_places(occurrence),
        "totals": _totals(answered),
        "needs": needs_context(viewer, occurrence),
        "can_edit": policy.can_edit_events(viewer),
        "takes_answers": policy.takes_answers(occurrence, clock.now()),
        "roster_url": f"{date}/roster",
        "caller_url": f"{date}/roster/callers",
        "door_url": url_for(
            "events_door.door", event_id=occurrence.event_id, day=occurrence.original_date.isoformat()
        ),
        "export_url": f"{date}/roster.csv",
        "message_url": f"{date}/message",
        "back_url": desk,
        **_page(viewer, occurrence, wanted, answered, f"{date}/roster"),
    }


def _page(
    viewer: Viewer,
    occurrence: Occurrence,
    wanted: RosterFilter,
    answered: dict[Standing, tuple[int, int]],
    base: str,
) -> dict[str, Any]:
    found = db.session.execute(roster.roster_page(viewer, occurrence.id, wanted)).all()
    if wanted.words:
        count = db.session.scalar(roster.roster_count(viewer, occurrence.id, wanted)) or 0
    else:
        chosen = answered if wanted.standing is None else {wanted.standing: answered[wanted.standing]}
        count = sum(answers for answers, _people in chosen.values())
    return {
        "answers": _lines(occurrence, found, base),
        "wanted": wanted,
        "count": count,
        "has_any": any(answers for answers, _people in answered.values()),
        "tabs": _tabs(wanted, answered, base),
        "note": _note(wanted.page, count),
        "earlier_url": _page_url(wanted, base, wanted.page - 1) if wanted.page > 1 else None,
        "later_url": _page_url(wanted, base, wanted.page + 1) if wanted.page * PAGE < count else None,
    }


def _answered(viewer: Viewer, occurrence_id: int) -> dict[Standing, tuple[int, int]]:
    """(answers, people) by standing."""
    found = dict.fromkeys(Standing, (0, 0))
    for place, answer, answers, people in db.session.execute(roster.roster_totals(viewer, occurrence_id)):
        before = found[standing_of(place, answer)]
        found[standing_of(place, answer)] = (before[0] + answers, before[1] + people)
    return found


def _totals(answered: dict[Standing, tuple[int, int]]) -> dict[str, int]:
    """People by what they hold; of who does not come, answers."""
    return {
        str(standing): answers if standing is Standing.NOT_GOING else people
        for standing, (answers, people) in answered.items()
    }


def _lines(occurrence: Occurrence, found: Sequence[Row[Any]], base: str) -> list[dict[str, Any]]:
    waiting = [row.id for row in found if standing_of(row.place, row.answer) is Standing.WAITING]
    turns: dict[int, int] = {}
    if waiting:
        in_line = db.session.execute(roster.positions_in_line(occurrence.id, waiting))
        turns = {row.id: row.turn for row in in_line}
    words = standing_words()
    return [_line(row, turns, words, base) for row in found]


def _line(row: Row[Any], turns: dict[int, int], words: dict[Standing, str], base: str) -> dict[str, Any]:
    standing = standing_of(row.place, row.answer)
    said = words[standing]
    if standing is Standing.WAITING:
        said = _("Waiting, number %(position)s", position=turns.get(row.id, "?"))
    elif row.offer_ends_at is not None:
        until = templating.moment(row.offer_ends_at)
        over = row.offer_ends_at <= clock.now()
        said = _("Offer ended %(when)s", when=until) if over else _("Offered until %(when)s", when=until)
    return {
        "name": row.name or _("By headcount"),
        "party": row.party_size,
        "how": how_words(row),
        "since": templating.date_short(row.updated_at),
        "standing": said,
        "tone": TONES.get(standing, ""),
        "url": f"{base}/{row.id}",
    }


def standing_words() -> dict[Standing, str]:
    """The standings in the reader's words."""
    return {
        Standing.GOING: pgettext("people", "Going"),
        Standing.OFFERED: _("Offered a place"),
        Standing.WAITING: _("Waiting"),
        Standing.MAYBE: _("Maybe"),
        Standing.NOT_GOING: _("Not coming"),
    }


def how_words(row: Row[Any]) -> str:
    """How somebody without an account answered; nothing for who has one."""
    if row.person_id is not None or row.is_headcount:
        return ""
    return _("by telephone") if row.channel == Channel.PHONE else _("by e-mail")


def _tabs(wanted: RosterFilter, answered: dict[Standing, tuple[int, int]], base: str) -> list[dict[str, Any]]:
    everyone = {"label": _("Everyone"), "url": _page_url(RosterFilter(wanted.words), base, 1)}
    found = [everyone | {"current": wanted.standing is None}]
    for standing, words in standing_words().items():
        if answered[standing][0] or wanted.standing is standing:
            url = _page_url(RosterFilter(wanted.words, standing), base, 1)
            label = f"{words} ({answered[standing][0]})"
            found.append({"label": label, "url": url, "current": wanted.standing is standing})
    return found


def _page_url(wanted: RosterFilter, base: str, page: int) -> str:
    asked = {"q": wanted.words, "standing": wanted.standing or "", "page": page if page > 1 else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{base}?{query}" if query else base


def _note(page: int, count: int) -> str:
    first = (page - 1) * PAGE + 1
    return _("%(first)s to %(last)s of %(count)s", first=first, last=min(page * PAGE, count), count=count)
