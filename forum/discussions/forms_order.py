"""What staff fill in to keep order in a topic. Several stand on one page, so each has a prefix of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from forum.core import clock
from forum.core.forms import Form, Line
from forum.discussions.forms import TopicForm
from forum.discussions.models import Forum
from forum.discussions.operations.order import LONGEST_REASON
from forum.discussions.operations.written import LONGEST_TITLE
from forum.neighborhoods.forms import Boxes

_HOUR = _l("Choose a day and an hour to come, within a year.")
_EARLIEST, _LATEST = datetime(1000, 1, 1), datetime(9000, 1, 1)  # noqa: DTZ001 - on the agency's clock
_HOUR_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]  # as browsers send it, and take it back
_REASON_HINT = _l("One sentence. It stands at the top of the topic.")
_WIDEN = _l("Yes, more people may read what is in this topic")
_MINUTES = _l("Give a number of minutes from 1 to 1440.")


def _reason() -> Line:
    return Line(
        _l("Why"), [InputRequired(_l("Give a reason. Everybody who reads the topic sees it."))],
        most=LONGEST_REASON, description=_REASON_HINT,
    )  # fmt: skip


def moment_of(field: DateTimeLocalField) -> datetime | None:
    """What was chosen on the agency's clock, as a moment; an end of the calendar comes nearer, for any zone."""
    if field.data is None:
        return None
    chosen = min(max(field.data, _EARLIEST), _LATEST)
    return clock.to_utc(chosen, clock.agency_zone()).astimezone(UTC)


def hour_of(text: str) -> datetime | None:
    """The other way: what a browser sends for such a field, as the field takes it; None for what is no moment."""
    try:
        return datetime.strptime(text, _HOUR_FORMATS[0])  # noqa: DTZ007 - on the agency's clock
    except ValueError:
        return None


class Hour(DateTimeLocalField):
    """A day and an hour to come, or nothing; what is neither is told so in words of ours."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """As WTForms reads it. ValueError for what is no moment."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_HOUR)) from None


class LaterTopicForm(TopicForm):
    """A topic of staff, who may say from when on others see it."""

    opens = Hour(
        _l("Show it from"),
        [Optional()],
        format=_HOUR_FORMATS,
        description=_l("Empty: at once. Until then only staff see it."),
    )


class LockForm(Form):
    """Why a topic takes no more posts."""

    reason = _reason()


class SlowForm(Form):
    """One post a person in so many minutes, until a moment."""

    minutes = IntegerField(
        _l("Minutes between two posts of one person"),
        [InputRequired(_MINUTES), NumberRange(1, 1440, _MINUTES)],
    )
    ends = DateTimeLocalField(
        _l("It ends by itself on"), [InputRequired(_l("Say when slow mode ends: a day and an hour to come."))]
    )
    reason = _reason()


class ScheduleForm(Form):
    """When a topic opens."""

    opens = Hour(
        _l("It opens on"),
        [InputRequired(_HOUR)],
        description=_l("Until then only staff see it."),
    )


class MoveForm(Form):
    """Where a topic goes."""

    forum = SelectField(_l("To the forum"), coerce=int, validators=[InputRequired()])
    widen = BooleanField(_WIDEN)

    def offer(self, forums: Iterable[Forum], here: Forum, language: str) -> MoveForm:
        """The form with every forum but this one and the archived."""
        open_ = (forum for forum in forums if forum.id != here.id and not forum.archived)
        self.forum.choices = [SelectChoice(forum.id, forum.name(language)) for forum in open_]
        return self


class MergeForm(Form):
    """What a topic becomes a part of."""

    number = Line(
        _l("Address or number of the other topic"),
        [InputRequired(_l("Paste the address of the other topic, or give its number."))],
        description=_l("Its posts stay first. The posts of this one come after them, with new numbers."),
    )
    widen = BooleanField(_WIDEN)


class SplitForm(Form):
    """Which posts go into a topic of their own."""

    title = Line(_l("Title of the new topic"), [InputRequired(_l("Give it a title."))], most=LONGEST_TITLE)
    posts = Boxes(
        _l("Posts that go, with the answers to them"), [Optional()], coerce=int, validate_choice=False
    )
