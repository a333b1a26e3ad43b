"""What the queue shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.accounts.models import Role
from forum.concerns.models import About, Concern, Mode, Status
from forum.concerns.policy import Sight
from forum.concerns.queries import desk
from forum.concerns.queries.categories import every
from forum.concerns.queries.desk import DISPUTED, OPEN, Key, QueueFilters, Whose
from forum.concerns.queries.saved import views_of
from forum.concerns.views.desk_words import TONES, age_words, due_words, is_late, language_words
from forum.concerns.words import desk_title, mode_words, status_words
from forum.core import clock
from forum.core.intake import LARGEST_ID
from forum.core.languages import language_name, offered, page_language
from forum.extensions import db
from forum.neighborhoods.queries import neighborhood_options

PAGE = 30
Options = dict[str, list[tuple[str, str]]]


def context(sight: Sight, args: Mapping[str, str]) -> dict[str, Any]:
    """Template variables of ``concerns/desk_queue.html``; *args* may hold ``after``, where the page before ended."""
    filters = QueueFilters.from_args(args, Whose.BEATS if sight.role is Role.OFFICER else Whose.ALL)
    now = clock.now()
    found = _found(sight, filters, _key(args.get("after", "")))
    shown = found[:PAGE]
    count, late = db.session.execute(desk.counted(sight, filters, now)).one()
    after = _key_text(shown[-1]) if len(found) > PAGE else None
    options = _options(filters)
    return {
        "rows": [row(sight, concern, now) for concern in shown],
        "filters": filters,
        "heading": _heading(filters),
        "count": count_words(count, late),
        "late": late,
        "whose": _whose_chips(filters),
        "views": _views(sight, filters),
        "options": options,
        "set_filters": _set_filters(filters, options),
        "clear_url": _url(filters, **_nothing()),
        "more_url": url_for("concerns_desk.queue", **filters.as_args(), after=after) if after else None,
        "first_url": url_for("concerns_desk.queue", **filters.as_args()) if "after" in args else None,
        "ways": _ways(),
    }


def _found(sight: Sight, filters: QueueFilters, after: Key | None) -> list[Concern]:
    """One page and one more: what has a clock, then what has none."""
    found: list[Concern] = []
    if after is None or after[0] is not None:
        found += db.session.scalars(desk.queue(sight, filters, after).limit(PAGE + 1))
    if len(found) <= PAGE:
        rest = desk.queue(sight, filters, after, due=False)
        found += db.session.scalars(rest.limit(PAGE + 1 - len(found)))
    return found


def row(sight: Sight, concern: Concern, now: datetime) -> dict[str, Any]:
    """One line."""
    return {
        "reference": concern.reference,
        "title": desk_title(concern),
        "url": url_for("concerns_desk.case", reference=concern.reference),
        "category": concern.category.name(page_language()),
        "area": concern.neighborhood.name if concern.neighborhood else "",
        "age": age_words(concern),
        "status": status_words(concern.status),
        "tone": TONES[concern.status],
        "mode": mode_words(concern.mode),
        "about_staff": concern.about is not About.TOWN,
        "merged": concern.merged_into_id is not None,
        "who": concern.assigned_to.name if concern.assigned_to else "",
        "is_mine": concern.assigned_to_id == sight.id,
        "take_url": url_for("concerns_desk.take", reference=concern.reference)
        if concern.assigned_to_id != sight.id and _may_take(sight, concern)
        else None,
        "due": due_words(concern, now),
        "late": is_late(concern, now),
        "language": language_words(concern, page_language()),
    }


def count_words(count: int, late: int) -> str:
    """«23 concerns, 2 late», each counted no further than a thousand."""
    if count > desk.COUNTED:
        found = _("More than 1,000 concerns")
    else:
        found = ngettext("%(num)s concern", "%(num)s concerns", count)
    if not late:
        return found
    if late > desk.COUNTED:
        return _("%(found)s, more than 1,000 late", found=found)
    return _("%(found)s, %(late)s late", found=found, late=late)


def _may_take(sight: Sight, concern: Concern) -> bool:
    """As policy.can_assign, of a row that the statement has shown already."""
    return sight.role in (Role.REVIEWER, Role.SUPERVISOR) or concern.assigned_to_id is None


def whose_words(whose: Whose) -> str:
    return {
        Whose.ALL: _("All I may see"),
        Whose.BEATS: _("My beats"),
        Whose.FREE: _("Nobody has"),
        Whose.MINE: _("Mine"),
    }[whose]


def _heading(filters: QueueFilters) -> str:
    return {
        Whose.ALL: _("Concerns"),
        Whose.BEATS: _("Concerns of my beats"),
        Whose.FREE: _("Concerns that nobody has"),
        Whose.MINE: _("My concerns"),
    }[filters.whose]


def _whose_chips(filters: QueueFilters) -> list[dict[str, Any]]:
    return [
        {"label": whose_words(whose), "url": _url(filters, whose=whose), "current": whose is filters.whose}
        for whose in (Whose.BEATS, Whose.MINE, Whose.FREE, Whose.ALL)
    ]


def _views(sight: Sight, filters: QueueFilters) -> list[dict[str, Any]]:
    return [
        {
            "label": view.name,
            "url": f"{url_for('concerns_desk.queue')}?{view.query}",
            "current": dict(parse_qsl(view.query)) == filters.as_args(),
            "remove_url": url_for("concerns_desk.forget_filter", view_id=view.id),
        }
        for view in db.session.scalars(views_of(sight.id or 0))
    ]


def status_choices() -> list[tuple[str, str]]:
    """Words for the filter by status."""
    statuses = [(str(status), status_words(status)) for status in Status]
    return [("", _("All open")), (DISPUTED, _("Disputed")), *statuses]


def _options(filters: QueueFilters) -> Options:
    """What each select of the filter offers."""
    categories = db.session.scalars(every())
    return {
        "status": status_choices(),
        "category": [("", _("All categories")), *((c.slug, c.name(page_language())) for c in categories)],
        "neighborhood": [("", _("All neighborhoods")), *neighborhood_options()],
        "mode": [("", _("All modes")), *((str(mode), mode_words(mode)) for mode in Mode)],
        "about": [("", _("Everything")), ("staff", _("About an officer"))],
        "language": [("", _("All languages")), *_languages(filters)],
        "interpreter": [("", _("With or without")), ("1", _("Needs an interpreter"))],
    }


def _languages(filters: QueueFilters) -> list[tuple[str, str]]:
    tags = [tag for tag, _name in offered()]
    if filters.language and filters.language not in tags:
        tags.append(filters.language)
    return [(tag, language_name(tag)) for tag in tags]


def _nothing() -> dict[str, Any]:
    return {
        "status": OPEN, "category": "", "neighborhood": "", "mode": None, "about": "", "language": "",
        "interpreter": False,
    }  # fmt: skip


def _set_filters(filters: QueueFilters, options: Options) -> list[dict[str, str]]:
    """The filters that are set, each with the address without it."""
    empty = _nothing()
    return [
        {
            "label": dict(options[name]).get(value, value),
            "url": _url(filters, **{name: empty[name]}),
        }
        for name, value in filters.as_args().items()
        if name in empty
    ]


def _url(filters: QueueFilters, **changes: Any) -> str:
    return url_for("concerns_desk.queue", **filters.changed(**changes))


def _ways() -> list[dict[str, str]]:
    return [
        {"label": _("Write one down for somebody"), "url": url_for("concerns_entry.enter_concern")},
        {"label": _("Disputes"), "url": url_for("concerns_desk.disputes")},
        {"label": _("Words for answers"), "url": url_for("concerns_desk.templates")},
        {"label": _("Hand over"), "url": url_for("concerns_desk.hand_over_page")},
        {"label": _("What people say afterwards"), "url": url_for("concerns_afterwards.figures")},
    ]


def _key_text(concern: Concern) -> str:
    due = concern.due_at.strftime("%Y%m%dT%H%M%S%fZ") if concern.due_at else "none"
    return f"{due}-{concern.id}"


def _key(text: str) -> Key | None:
    moment, _hyphen, row_text = text.partition("-")
    try:
        due = None if moment == "none" else datetime.strptime(moment + "+0000", "%Y%m%dT%H%M%S%fZ%z")
        key = due, int(row_text[:12])
    except ValueError:
        return None
    return key if 0 <= key[1] <= LARGEST_ID else None
