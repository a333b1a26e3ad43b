"""What staff send from the page of a case."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from forum.concerns.models import Status, Waiting
from forum.core.forms import Form, Line, Text

WORDS = 20_000


class Boxes(SelectMultipleField):
    """Several of a few, each with a box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class KeptForm(Form):
    """Sent twice, it is one act (*key*); and it says up to which entry its writer had read (*last*)."""

    key = HiddenField()
    last = HiddenField()

    @property
    def seen(self) -> int | None:
        """The number of the last entry its writer saw; None when the form does not say."""
        text = str(self.last.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None

    @property
    def form_key(self) -> str | None:
        """The form's key, short enough for its column."""
        return str(self.key.data or "")[:64] or None


class AnswerForm(KeptForm):
    """Words to the person, a step, or both."""

    text = Text(_l("Write to the person"), most=WORDS)
    step = SelectField(_l("Then this concern is"), choices=())
    public = BooleanField(_l("Show it on the public page too"))
    also = Boxes(_l("Send the same words to who raised"), choices=())

    @property
    def status(self) -> Status | None:
        """The step that was chosen."""
        return Status(self.step.data.partition(":")[0]) if self.step.data else None

    @property
    def waits_for(self) -> Waiting | None:
        """For whom it waits."""
        behind = (self.step.data or "").partition(":")[2]
        return Waiting(behind) if behind else None


class CloseForm(KeptForm):
    """Close it: why, in words, and what shows it."""

    closed_as = SelectField(
        _l("Why it is closed"), [InputRequired(_l("Choose why it is closed."))], choices=()
    )
    text = Text(
        _l("In words"),
        [DataRequired(_l("Say in words why it is closed. The person reads this."))],
        most=WORDS,
        description=_l("The person reads this. They may say within 14 days that it was closed wrongly."),
    )
    evidence = Line(
        _l("What shows that it was done"),
        most=500,
        description=_l("Needed for what was done: what was seen, where and when."),
    )


class NoteForm(Form):
    """For the desk alone."""

    note = Text(
        _l("Internal note"),
        [DataRequired(_l("Write the note."))],
        most=WORDS,
        description=_l("Only the desk reads it. It never leaves."),
    )


class AssignForm(Form):
    """In whose hands."""

    to = SelectField(_l("Give it to"), choices=(), validate_choice=False)

    @property
    def person_id(self) -> int | None:
        """Whom it is given to; None for nobody."""
        return _id(self.to.data)


class RecuseForm(Form):
    """Keep it from one of staff, for good."""

    person = SelectField(_l("Keep it from"), choices=(), validate_choice=False)
    named = BooleanField(_l("It is about this person"))

    @property
    def person_id(self) -> int | None:
        """Who."""
        return _id(self.person.data)


class WithholdForm(Form):
    """Take it from the public pages."""

    reason = SelectField(_l("Why"), [InputRequired(_l("Choose why."))], choices=())


class WhyForm(Form):
    """Why somebody needs to know who it is."""

    reason = Line(
        _l("Why you need to know who it is"),
        [DataRequired(_l("Say why you need to know. The reason is kept."))],
        most=500,
        description=_l("It is kept for good, with your name and the time."),
    )


class HandOverForm(Form):
    """All of an absent officer's concerns."""

    absent = SelectField(_l("Who is away"), choices=(), validate_choice=False)
    to = SelectField(_l("Who takes their concerns"), choices=(), validate_choice=False)

    @property
    def ids(self) -> tuple[int | None, int | None]:
        """Both."""
        return _id(self.absent.data), _id(self.to.data)


class ScreenForm(Form):
    """Who is named in what is about an officer."""

    named = Boxes(
        _l("Who is named in it"),
        choices=(),
        validate_choice=False,
        description=_l("Choose nobody when it is not known yet. You can add names later."),
    )

    @property
    def ids(self) -> list[int]:
        """Who."""
        return [found for text in self.named.data or () if (found := _id(text)) is not None]


class DecideForm(Form):
    """A dispute is decided."""

    outcome = RadioField(
        _l("What you decide"),
        [InputRequired(_l("Choose what you decide."))],
        choices=[
            SelectChoice("overturned", _l("It was closed wrongly: it goes on")),
            SelectChoice("upheld", _l("It was closed rightly: it stays closed")),
        ],
    )
    text = Text(
        _l("Why"),
        [DataRequired(_l("Say why, in words that the person will read."))],
        most=WORDS,
        description=_l("The person reads this."),
    )


class MergeForm(Form):
    """Which concern it is merged into."""

    into = Line(
        _l("Reference of the other concern"),
        [DataRequired(_l("Give the reference of the other concern."))],
        most=20,
        description=_l("Like CG-7K3M-9QPD."),
    )


def _id(text: str | None) -> int | None:
    """The id that a select sent; None for what is no id."""
    plain = text or ""
    number = int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 11 else 0
    return number if 0 < number < 2**31 else None
