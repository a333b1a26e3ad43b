"""The one form of a concern. It is shown a step at a time; what is not shown travels along in hidden fields."""

from __future__ import annotations

from dataclasses import fields
from functools import cached_property, lru_cache
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, Field, HiddenField, RadioField, SelectField

from forum.accounts.addresses import tidy
from forum.concerns.forms.answers import CHECKS, LONGEST, SPOKEN, Answers
from forum.concerns.models import About, Category, Mode
from forum.concerns.queries.categories import offered
from forum.concerns.words import about_words, mode_words
from forum.core import languages
from forum.core.forms import Form, Line, Text
from forum.extensions import db

FIELDS: dict[str, tuple[str, ...]] = {
    "mode": ("mode",),
    "category": ("category",),
    "story": ("about", "title", "story", "happened"),
    "place": ("neighborhood", "place", "point"),
    "contact": ("language", "interpreter", "name", "email", "phone"),
    "pictures": (),
    "review": (),
}
STEPS = tuple(FIELDS)
MODES = (Mode.PUBLIC, Mode.PRIVATE, Mode.CONFIDENTIAL, Mode.ANONYMOUS)


def _choice(label: object) -> RadioField:
    """Choices that are checked by the step's own words."""
    return RadioField(label, choices=[], validate_choice=False)


class RaiseForm(Form):
    """Everything that is asked. ``offer`` fills the lists; ``check`` looks at one step."""

    mode = _choice(_l("How do you want to send it?"))
    category = _choice(_l("What is it about?"))
    about = _choice(_l("Is it a complaint or praise?"))
    title = Line(
        _l("In a few words"), most=LONGEST["title"], description=_l("Such as “Cars race down Palmer Street”.")
    )
    story = Text(
        _l("What happened?"),
        most=LONGEST["story"],
        description=_l(
            "In your own words and your own language. Leave out names of people who are not part of it."
        ),
    )
    happened = Line(
        _l("When?"),
        most=LONGEST["happened"],
        description=_l("Such as “every evening after nine”, or a date."),
    )
    neighborhood = SelectField(_l("Neighborhood"), choices=[], validate_choice=False)
    place = Line(
        _l("Where exactly?"),
        most=LONGEST["place"],
        description=_l("A corner, a park, a house number: as you would tell a neighbor."),
    )
    point = Line(
        _l("A point on the map"),
        most=LONGEST["point"],
        description=_l("Latitude and longitude, such as 41.92, -87.70. You can leave this out."),
    )
    language = SelectField(_l("In which language shall we answer?"), choices=[], validate_choice=False)
    interpreter = BooleanField(_l("I need an interpreter to speak with you"))
    name = Line(_l("Your name"), most=LONGEST["name"])
    email = EmailField(_l("Your e-mail"), filters=[tidy])
    phone = Line(_l("Your phone"), most=LONGEST["phone"])
    # Without a label, one would be looked up in a catalog that is read from the disk for each form.
    code = HiddenField("")
    warned = HiddenField("")
    same = HiddenField(
        ""
    )  # "y" once the person has seen what others raised, or which of these theirs goes along with

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Take in what was sent. Who did not choose a language is answered in the page's."""
        super().process(*args, **kwargs)
        self.language.data = self.language.data or languages.page_language()

    def offer(self) -> None:
        """Fill the lists to choose from, for a page that shows the form."""
        language = languages.page_language()
        self.mode.choices = [(str(mode), mode_words(mode)) for mode in MODES]
        self.category.choices = [(found.slug, found.name(language)) for found in self.categories]
        self.about.choices = [
            (str(kind), about_words(kind)) for kind in (About.COMPLAINT, About.COMMENDATION)
        ]
        self.neighborhood.choices = [("", _("I do not know, or the whole town"))]
        self.neighborhood.choices += [(str(id_), name) for id_, name in self.answers.areas]
        self.language.choices = spoken_languages()

    @cached_property
    def categories(self) -> list[Category]:
        """Those on offer."""
        return list(db.session.scalars(offered()))

    @cached_property
    def answers(self) -> Answers:
        """What the fields hold, once they are filled."""
        held: dict[str, Any] = {one.name: self._fields[one.name].data for one in fields(Answers)}
        return Answers(**{name: value for name, value in held.items() if value})

    def shown(self, step: str, *, account: bool) -> tuple[str, ...]:
        """The names of the fields of *step* that this person is asked."""
        names = list(FIELDS[step])
        category = self.answers.chosen_category
        if step == "story" and (category is None or not category.concerns_staff):
            names.remove("about")
        if step == "category" and self.mode.errors:
            names.append("mode")
        if step == "contact" and (account or self.answers.chosen_mode is Mode.ANONYMOUS):
            names = ["language", "interpreter"]
        return tuple(names)

    def hidden(self, shown: tuple[str, ...]) -> list[tuple[str, str]]:
        """(name, value) of what is not shown. An anonymous one carries no name and no contact."""
        left_out = {"csrf_token", *shown}
        if self.answers.chosen_mode is Mode.ANONYMOUS:
            left_out |= {"name", "email", "phone"}
        return [(field.name, _value(field)) for field in self if field.name not in left_out and _value(field)]

    def check(self, step: str) -> bool:
        """Whether *step* holds; what is wrong is beside its field, or above the form."""
        for name in FIELDS[step]:
            self._fields[name].validate(self)
        for name, words in CHECKS[step](self.answers) if step in CHECKS else ():
            self.blame(name, words)
        return not self.form_errors and not any(self._fields[name].errors for name in (*FIELDS[step], "mode"))

    def blame(self, name: str, words: str) -> None:
        """Put *words* beside the field *name*, or above the form."""
        if not name:
            self.form_errors.append(words)
            return
        field = self._fields[name]
        field.errors = [*field.errors, words]


def spoken_languages() -> list[tuple[str, str]]:
    """(tag, name in the page's language) of the languages to choose from, those of this site first."""
    return list(_spoken(tuple(current_app.config["FORUM"].languages), languages.page_language()))


@lru_cache(maxsize=32)  # finding thirty names takes two milliseconds
def _spoken(own: tuple[str, ...], page: str) -> tuple[tuple[str, str], ...]:
    named = {tag: languages.capitalized(languages.language_name(tag)) for tag in {*own, *SPOKEN}}
    rest = sorted(named.keys() - set(own), key=named.__getitem__)
    return tuple((tag, named[tag]) for tag in (*own, *rest))


def _value(field: Field) -> str:
    """What a hidden field says for *field*."""
    if isinstance(field, BooleanField):
        return "y" if field.data else ""
    return str(field.data or "")
