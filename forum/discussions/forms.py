"""What people fill in to take part in discussions."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField
from wtforms.validators import InputRequired, Optional

from forum.core import clock
from forum.core.forms import Form, Line, Text
from forum.discussions.models import Poll
from forum.discussions.operations.attaching import Enclosed
from forum.discussions.operations.polls import LONGEST_OPTION, LONGEST_QUESTION, MOST
from forum.discussions.operations.written import LONGEST_TEXT, LONGEST_TITLE, Written

_TEXT_HINT = _l("You can use **bold**, lists, links and > quotes.")  # what is private is said above the form


class PostForm(Form):
    """Words in a topic. ``key`` makes a form that is sent twice one post."""

    text = Text(
        _l("Your post"),
        [InputRequired(_l("Write something first."))],
        most=LONGEST_TEXT,
        description=_TEXT_HINT,
        render_kw={"rows": 8},
    )
    as_resident = BooleanField(_l("Show my neighborhood instead of my name"))
    # Without a label, one would be looked up in a catalog that is read from the disk for each form.
    key = HiddenField("")
    seen = HiddenField("")  # the digest of a text that its author was asked about

    def offer(self) -> None:
        """A key of its own, for a form that is shown for the first time."""
        if not self.key.data or len(self.key.data) > 64:
            self.key.data = secrets.token_urlsafe(18)

    def written(self, pictures: Enclosed) -> Written:
        """As the operations take it, with *pictures*; rendered already, while nobody waits for it."""
        written = Written(
            text=self.text.data or "",
            key=(self.key.data or "")[:64] or None,
            as_resident=bool(self.as_resident.data),
            pictures=pictures,
        )
        _rendered = written.rendered
        return written


class Titled(Form):
    """A topic's title and tags, beside its first post."""

    title = Line(
        _l("Title"),
        [InputRequired(_l("Give it a title."))],
        most=LONGEST_TITLE,
        description=_l("What is it about, in a few words?"),
    )
    tags = Line(
        _l("Tags"), most=240, description=_l("Up to five words to find it by, with commas between them.")
    )

    def tag_words(self) -> list[str]:
        """The tags, apart."""
        return (self.tags.data or "").split(",")


class TopicForm(PostForm, Titled):
    """A topic's title, tags and first post."""


class EditForm(Form):
    """A post's words, changed."""

    text = Text(
        _l("Your post"),
        [InputRequired(_l("Write something first."))],
        most=LONGEST_TEXT,
        description=_l("You can use **bold**, lists, links and > quotes. Nobody's private data, please."),
        render_kw={"rows": 10},
    )
    seen = HiddenField("")  # as in PostForm


class EditFirstForm(EditForm, Titled):
    """A topic's first post, with what the topic is called."""


class PollForm(Form):
    """A question with its answers."""

    question = Line(_l("Question"), [InputRequired(_l("Ask something."))], most=LONGEST_QUESTION)
    options = Text(
        _l("Answers"),
        [InputRequired(_l("Give two to eight answers, one a line."))],
        most=MOST * (LONGEST_OPTION + 1),
        description=_l("Two to eight, one a line."),
        render_kw={"rows": 5},
    )
    several = BooleanField(_l("One may choose more than one answer"))
    closes_on = DateField(
        _l("Last day to vote"), [Optional()], description=_l("Empty: as long as the topic is open.")
    )

    seen = HiddenField()  # as in PostForm

    @staticmethod
    def saying(poll: Poll) -> dict[str, Any]:
        """What is filled in to change *poll*."""
        last = clock.to_local(poll.closes_at - timedelta(microseconds=1)).date() if poll.closes_at else None
        answers = "\n".join(option.words for option in poll.options)
        return {"question": poll.question, "options": answers, "several": poll.several, "closes_on": last}

    @property
    def words(self) -> str:
        """Everything that was typed."""
        return "\n".join((self.question.data or "", self.options.data or ""))

    def asked(self) -> dict[str, Any]:
        """As the operation takes it; it closes when the chosen day ends on the agency's clock."""
        zone = clock.agency_zone()
        after = self.closes_on.data + timedelta(days=1) if self.closes_on.data else None
        return {
            "question": self.question.data or "",
            "options": (self.options.data or "").splitlines(),
            "several": bool(self.several.data),
            "closes_at": clock.to_utc(datetime.combine(after, time()), zone) if after else None,
        }


def saved_words(state_held: bool) -> str:
    """What is said when a post is kept."""
    return _("Your post waits: a person reads it first.") if state_held else _("Posted.")
