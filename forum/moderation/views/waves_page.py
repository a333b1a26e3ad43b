"""What stands on the pages about waves."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.accounts.models import Person
from forum.core.templating import moment
from forum.extensions import db
from forum.moderation import policy, registry
from forum.moderation.forms import WaveForm
from forum.moderation.models import Turn, Wave
from forum.moderation.operations.waves import MOST
from forum.moderation.queries import selection as choosing
from forum.moderation.queries import waves as queries
from forum.moderation.queries.hints import hints_for
from forum.moderation.queries.selection import Found, Selection
from forum.moderation.registry import Shown, Thing, excerpt
from forum.moderation.words import hint_words, turn_words

LATEST = 20


def listed(viewer: Person, selection: Selection) -> dict[str, Any]:
    """Template variables of ``moderation/desk_waves.html``."""
    flood = choosing.standing_out(viewer, selection)
    span: dict[str, Any] = {
        "since": choosing.local(selection.since),
        "until": choosing.local(selection.until),
    }
    made = list(db.session.scalars(queries.latest(viewer).limit(LATEST)))
    return {
        "span": span,
        "authors": [
            {"id": who, "name": name, "count": _posts(count)} for who, name, count in flood.authors
        ],
        "texts": [
            {
                "line": excerpt(thing), "count": _posts(count), "names": _names(names),
                "url": url_for("moderation_waves.preview", **span, same=token_of(thing)),
            }
            for thing, count, names in flood.texts
        ],
        "cut": flood.cut,
        "waves": _lines(made),
    }  # fmt: skip


def hidden_words(wave: Wave) -> str:
    """What is true of a wave at the end of its press: a long one goes on."""
    if wave.busy:
        return _("The first of it is hidden, and the rest follows. It can be undone at any time.")
    return _("Hidden. Its authors are told, and it can be undone at once.")


def undone_words(wave: Wave) -> str:
    """The same of its undoing."""
    if wave.busy:
        return _("The first of it is back, and the rest follows.")
    return _("Undone. Everything is as it was before.")


def previewed(viewer: Person, selection: Selection, form: WaveForm) -> dict[str, Any]:
    """Template variables of ``moderation/desk_wave_preview.html``."""
    found = choosing.chosen(viewer, selection, MOST)
    if not form.is_submitted():
        form.key.data = secrets.token_urlsafe(24)
        form.things.data = " ".join(token_of(thing) for thing in found.things)
    return {
        "form": form,
        "selection": selection.as_args(),
        "count": _posts(len(found.things)),
        "rows": [_row(thing) for thing in found.things],
        "told": _told(found),
        "left_out": found.left_out,
        "more": found.more,
        "most": MOST,
        "hints": _hints(viewer, found.things),
        "back_url": url_for("moderation_waves.list_waves", **{**selection.as_args(), "author": None, "same": None}),
    }  # fmt: skip


def still_there(viewer: Person, selection: Selection, wanted: Collection[str]) -> list[tuple[str, int]]:
    """Of what the preview showed, what is still there to be hidden, the oldest first."""
    found = choosing.chosen(viewer, selection, choosing.LOOKED_AT).things
    return [(thing.kind, thing.id) for thing in reversed(found) if token_of(thing) in wanted]


def shown(viewer: Person, wave: Wave) -> dict[str, Any]:
    """Template variables of ``moderation/desk_wave.html``."""
    items = list(db.session.scalars(queries.items_of(wave.id)))
    things = registry.things_of((item.kind, item.thing_id) for item in items)
    return {
        "wave": wave,
        "line": _lines([wave])[0],
        "rows": [
            {
                **_row(things.get((item.kind, item.thing_id))),
                "state": turn_words(item.state),
                "tone": "wait" if item.state is Turn.WAITING else "",
                "case_url": url_for("moderation_desk.case", case_id=item.decision.case_id)
                if item.decision
                else "",
            }
            for item in items
        ],
        "may_undo": wave.undone_at is None and policy.can_undo_wave(viewer, wave.made_by_id),
    }


def hint_lines(viewer: Person, thing: Thing) -> list[dict[str, str]]:
    """Which other accounts may be the author's, each with its reason."""
    return [
        {"name": hint.name, "why": " ".join(hint_words(sign) for sign in hint.signs)}
        for hint in hints_for(viewer, thing)
    ]


def token_of(thing: Thing) -> str:
    """A thing in a form or an address."""
    return f"{thing.kind}:{thing.id}"


def _row(thing: Thing | None) -> dict[str, Any]:
    if thing is None:
        return {"text": _("Gone"), "who": "–", "when": "–", "url": "", "held": False, "where": ""}
    return {
        "text": excerpt(thing),
        "who": thing.author_name,
        "when": moment(thing.created_at),
        "url": thing.url,
        "held": thing.shown is Shown.HELD,
        "where": thing.title,
    }


def _lines(found: Sequence[Wave]) -> list[dict[str, Any]]:
    counts: dict[int, dict[Turn, int]] = {}
    for wave_id, state, count in db.session.execute(queries.counts([wave.id for wave in found])):
        counts.setdefault(wave_id, {})[state] = count
    return [
        {
            "url": url_for("moderation_waves.wave", wave_id=wave.id),
            "when": moment(wave.made_at),
            "moderator": wave.moderator.code,
            "rule": wave.rule.number,
            "counts": "; ".join(
                f"{turn_words(state)}: {counts[wave.id][state]}"
                for state in Turn
                if state in counts.get(wave.id, {})
            ),
            "undone": moment(wave.undone_at) if wave.undone_at else "",
        }
        for wave in found
    ]


def _told(found: Found) -> list[str]:
    """Who hears of it. Of who writes under «Resident of» not even how many they are."""
    names = sorted({thing.author_name for thing in found.things if thing.author_id and not thing.veiled})
    veiled = any(thing.veiled for thing in found.things)
    lines = [_("%(name)s, in one message", name=name) for name in names]
    if veiled:
        lines.append(_("Whoever wrote as a resident of a neighborhood, without a name here"))
    if found.reporters:
        lines.append(
            ngettext(
                "%(num)s reader who reported some of it", "%(num)s readers who reported some of it", found.reporters
            )
        )  # fmt: skip
    return lines


def _hints(viewer: Person, things: Sequence[Thing]) -> list[dict[str, Any]]:
    """Hints about each named author, by the newest thing of theirs."""
    first: dict[int, Thing] = {}
    for thing in things:
        if thing.author_id is not None and not thing.veiled:
            first.setdefault(thing.author_id, thing)
    lines = [
        {"of": thing.author_name, "hints": hint_lines(viewer, thing)} for thing in list(first.values())[:10]
    ]
    return [line for line in lines if line["hints"]]


def _posts(count: int) -> str:
    return ngettext("%(num)s post", "%(num)s posts", count)


def _names(count: int) -> str:
    return ngettext("under %(num)s name", "under %(num)s names", count) if count else _("under no name")
