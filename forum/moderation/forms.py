"""What readers, authors, moderators and administrators send."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired, NumberRange

from forum.core.forms import Form, Line, Text
from forum.core.languages import page_language
from forum.moderation.models import Rule, Stance, Verdict
from forum.moderation.operations.rules import RuleDetails
from forum.moderation.policy import PAUSE_DAYS
from forum.moderation.registry import Moderated
from forum.moderation.words import choice_words

WORDS = 4000


def rule_choices(rules: list[Rule]) -> list[SelectChoice]:
    """Each rule with its number and name."""
    language = page_language()
    return [SelectChoice(str(rule.number), f"{rule.number}. {rule.title(language)}") for rule in rules]


class ReportForm(Form):
    """Which rule something breaks."""

    rule = RadioField(
        _l("Which rule does it break?"),
        [InputRequired(_l("Choose the rule that you think it breaks."))],
        choices=(),
    )
    words = Text(
        _l("What should we look at?"),
        most=WORDS,
        description=_l(
            "A sentence is enough. Only who decides reads it; who wrote the text does not hear who you are."
        ),
    )


class DecideForm(Form):
    """A decision: what, under which rule, and what its author reads."""

    measure = RadioField(_l("What you decide"), [InputRequired(_l("Choose what you decide."))], choices=())
    rule = SelectField(
        _l("Rule"),
        [InputRequired(_l("Choose a rule."))],
        choices=(),
        description=_l("To keep it, choose the rule that you checked it against."),
    )
    words = Text(
        _l("What exactly"),
        [DataRequired(_l("Say what exactly, in words that the author will read."))],
        most=WORDS,
        description=_l("The author reads this. Name the words that matter, and what they can do."),
    )
    replacement = Text(
        _l("The text without personal data"),
        most=20_000,
        description=_l("Only to remove personal data. The text as it was is sealed."),
    )
    pause_days = SelectField(
        _l("Days without posting"),
        choices=[SelectChoice("", "–"), *(SelectChoice(str(days), str(days)) for days in PAUSE_DAYS)],
        description=_l("Only to pause posting. Reading, RSVPs and concerns go on."),
    )

    def offer(self, rules: list[Rule], moderated: Moderated) -> DecideForm:
        """Fill in what can be chosen about a thing of this kind."""
        self.measure.choices = [
            SelectChoice(str(measure), choice_words(measure, moderated)) for measure in moderated.measures
        ]
        self.rule.choices = [SelectChoice("", "–"), *rule_choices(rules)]
        return self

    @property
    def days(self) -> int | None:
        """For how many days; None where none was chosen."""
        return int(self.pause_days.data) if self.pause_days.data else None


class WaveForm(Form):
    """What a preview showed, the rule, and what every author of it reads."""

    key = HiddenField()
    things = HiddenField()
    rule = SelectField(_l("Rule"), [InputRequired(_l("Choose a rule."))], choices=())
    words = Text(
        _l("What exactly"),
        [DataRequired(_l("Say what exactly, in words that the author will read."))],
        most=WORDS,
        description=_l("Every author reads this. Say what they did, and how to write again."),
    )

    def offer(self, rules: list[Rule]) -> WaveForm:
        """Fill in what can be chosen."""
        self.rule.choices = [SelectChoice("", "–"), *rule_choices(rules)]
        return self

    @property
    def shown(self) -> set[str]:
        """The things of the preview, each as «kind:id»."""
        return set((self.things.data or "").split())


class AppealForm(Form):
    """Why a decision is wrong."""

    words = Text(
        _l("Why is the decision wrong?"),
        [DataRequired(_l("Say why the decision is wrong."))],
        most=WORDS,
        description=_l("Somebody who did not make it reads this, and answers you here."),
    )


class MessageForm(Form):
    """A word in an appeal."""

    text = Text(_l("Write"), [DataRequired(_l("Write something."))], most=WORDS)


class VerdictForm(Form):
    """How an appeal ends."""

    verdict = RadioField(
        _l("What you decide"),
        [InputRequired(_l("Choose what you decide."))],
        choices=[
            SelectChoice(
                str(Verdict.OVERTURNED), _l("The decision was wrong: what was written is back in its place")
            ),
            SelectChoice(str(Verdict.UPHELD), _l("The decision was right: it stays")),
        ],
    )
    why = Text(
        _l("Why"),
        [DataRequired(_l("Say why, in words that the author will read."))],
        most=WORDS,
        description=_l("The author reads this."),
    )


class BlindForm(Form):
    """Whether a masked text breaks a rule."""

    breaks = RadioField(
        _l("Does this break the rule?"),
        [InputRequired(_l("Choose one."))],
        choices=[SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))],
    )


class StanceForm(Form):
    """What a text says of the agency."""

    stance = RadioField(
        _l("What does it say of the agency?"),
        [InputRequired(_l("Choose one."))],
        choices=[
            SelectChoice(str(Stance.CRITICISM), _l("It criticizes it")),
            SelectChoice(str(Stance.PRAISE), _l("It praises it")),
            SelectChoice(str(Stance.NEITHER), _l("Neither")),
        ],
    )


class RuleForm(Form):
    """A rule in both languages, and why it changes."""

    title_en = Line(_l("Name, in English"), [DataRequired(_l("Give it a name in English."))], most=120)
    title_es = Line(_l("Name, in Spanish"), most=120)
    text_en = Text(
        _l("What it means, in English"),
        [DataRequired(_l("Say in English what it means."))],
        most=2000,
        description=_l("What somebody does, never what somebody thinks."),
    )
    text_es = Text(_l("What it means, in Spanish"), most=2000)
    why = Text(
        _l("What changes and why"),
        [DataRequired(_l("Say what changes and why. Everybody can read it later."))],
        most=2000,
    )

    @classmethod
    def of(cls, rule: Rule | None) -> RuleForm:
        """The form with what there is."""
        if rule is None:
            return cls()
        texts = {f"title_{tag}": text for tag, text in rule.titles.items()}
        return cls(**texts, **{f"text_{tag}": text for tag, text in rule.texts.items()})

    def details(self, number: int | None) -> RuleDetails:
        """What operations take."""
        return RuleDetails(
            number,
            {"en": self.title_en.data or "", "es": self.title_es.data or ""},
            {"en": self.text_en.data or "", "es": self.text_es.data or ""},
        )


class WithdrawForm(Form):
    """Why a rule goes."""

    why = Text(
        _l("Why this rule should go"),
        [DataRequired(_l("Say what changes and why. Everybody can read it later."))],
        most=2000,
        description=_l("Everybody can read it later."),
    )


class SettingForm(Form):
    """The agency's choices."""

    decide_days = IntegerField(
        _l("Working days to a decision"),
        [InputRequired(_l("Give a number of at least 1.")), NumberRange(1, 30)],
        description=_l("The queue's clock, and what we promise."),
    )
    first_posts = IntegerField(
        _l("How many first posts of a new account a person reads before others do"),
        [InputRequired(_l("Give a number.")), NumberRange(0, 20)],
        description=_l("0 holds none. The page about filters says so in public while it is more."),
    )
    wait_hours = IntegerField(
        _l("Hours that their authors are told to expect"),
        [InputRequired(_l("Give a number of at least 1.")), NumberRange(1, 240)],
    )


class ExciseForm(Form):
    """A sealed text without some personal data."""

    text = Text(
        _l("The text without the personal data"),
        [DataRequired(_l("Write the text without the personal data."))],
        most=20_000,
        description=_l("A second person has to agree. Then the text as it was is gone for good."),
    )
