"""The one form of a concern. It is shown a step at a time; what is not shown travels along in hidden fields."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, Field, HiddenField, RadioField, SelectField

from forum.accounts.addresses import is_address, tidy
from forum.concerns.models import About, Category, Mode
from forum.concerns.queries.categories import offered, offered_by_slug
from forum.concerns.receipts import is_code
from forum.concerns.words import about_words, mode_words
from forum.core import languages
from forum.core.forms import Form, Line, Text
from forum.extensions import db
from forum.neighborhoods.forms import read_point
from forum.neighborhoods.queries import at_point, neighborhood_choices

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
# Languages that people in the United States speak most at home, beside those of this site.
SPOKEN = (
    "en",
    "es",
    "ar",
    "bn",
    "fa",
    "fr",
    "hi",
    "ht",
    "ko",
    "pl",
    "pt",
    "ru",
    "so",
    "sw",
    "tl",
    "uk",
    "ur",
    "vi",
    "zh",
)


def _choice(label: object) -> RadioField:
    """Choices that are checked by the step's own words."""
    return RadioField(label, choices=[], validate_choice=False)


class RaiseForm(Form):
    """Everything that is asked. ``offer`` fills the lists; ``check`` looks at one step."""

    mode = _choice(_l("How do you want to send it?"))
    category = _choice(_l("What is it about?"))
    about = _choice(_l("Is it a complaint or praise?"))
    title = Line(_l("In a few words"), most=120, description=_l("Such as “Cars race down Palmer Street”."))
    story = Text(
        _l("What happened?"),
        most=20_000,
        description=_l(
            "In your own words and your own language. Leave out names of people who are not part of it."
        ),
    )
    happened = Line(_l("When?"), most=200, description=_l("Such as “every evening after nine”, or a date."))
    neighborhood = SelectField(_l("Neighborhood"), choices=[], validate_choice=False)
    place = Line(
        _l("Where exactly?"),
        most=200,
        description=_l("A corner, a park, a house number: as you would tell a neighbor."),
    )
    point = Line(
        _l("A point on the map"),
        most=60,
        description=_l("Latitude and longitude, such as 41.92, -87.70. You can leave this out."),
    )
    language = SelectField(_l("In which language shall we answer?"), choices=[], validate_choice=False)
    interpreter = BooleanField(_l("I need an interpreter to speak with you"))
    name = Line(_l("Your name"), most=120)
    email = EmailField(_l("Your e-mail"), filters=[tidy])
    phone = Line(_l("Your phone"), most=60)
    # Without a label, one would be looked up in a catalog that is read from the disk for each form.
    code = HiddenField("")
    warned = HiddenField("")
    same = HiddenField("")

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
        self.neighborhood.choices += [(str(id_), name) for id_, name in self.areas]
        self.language.choices = spoken_languages()

    @cached_property
    def categories(self) -> list[Category]:
        """Those on offer."""
        return list(db.session.scalars(offered()))

    @property
    def chosen_mode(self) -> Mode | None:
        """The way it is sent, once that is chosen."""
        return Mode(self.mode.data) if self.mode.data in list(Mode) else None

    @cached_property
    def areas(self) -> list[tuple[int, str]]:
        """(id, name) of the neighborhoods."""
        return neighborhood_choices()

    @cached_property
    def chosen_category(self) -> Category | None:
        """What it is about, once that is chosen."""
        found = db.session.scalars(offered_by_slug(), {"slug": self.category.data or ""}).one_or_none()
        if found is not None:
            db.session.expunge(found)  # read once: it stays as it is, also when the write begins
        return found

    @property
    def chosen_about(self) -> About:
        """The town, unless the category is about the agency's own people."""
        category = self.chosen_category
        if category is None or not category.concerns_staff:
            return About.TOWN
        return About.COMMENDATION if self.about.data == About.COMMENDATION else About.COMPLAINT

    @property
    def chosen_point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees."""
        return read_point(self.point.data or "")

    @property
    def neighborhood_id(self) -> int | None:
        """The area chosen, else the one that the point lies in."""
        chosen = self._chosen_area()
        return self._at_point() if chosen is None else chosen

    def _chosen_area(self) -> int | None:
        chosen = self.neighborhood.data
        return next((id_ for id_, _name in self.areas if str(id_) == chosen), None) if chosen else None

    def _at_point(self) -> int | None:
        areas = at_point(*self.chosen_point) if self.chosen_point else []
        return areas[0].id if areas else None

    def shown(self, step: str, *, account: bool) -> tuple[str, ...]:
        """The names of the fields of *step* that this person is asked."""
        names = list(FIELDS[step])
        category = self.chosen_category
        if step == "story" and (category is None or not category.concerns_staff):
            names.remove("about")
        if step == "category" and self.mode.errors:
            names.append("mode")
        if step == "contact" and (account or self.chosen_mode is Mode.ANONYMOUS):
            names = ["language", "interpreter"]
        return tuple(names)

    def hidden(self, shown: tuple[str, ...]) -> list[tuple[str, str]]:
        """(name, value) of what is not shown. An anonymous one carries no name and no contact."""
        left_out = {"csrf_token", *shown}
        if self.chosen_mode is Mode.ANONYMOUS:
            left_out |= {"name", "email", "phone"}
        return [(field.name, _value(field)) for field in self if field.name not in left_out and _value(field)]

    def check(self, step: str) -> bool:
        """Whether *step* holds; what is wrong is beside its field."""
        for name in FIELDS[step]:
            self._fields[name].validate(self)
        getattr(self, f"_check_{step}", lambda: None)()
        return not any(self._fields[name].errors for name in (*FIELDS[step], "mode"))

    def blame(self, name: str, words: str) -> None:
        """Put *words* beside the field *name*."""
        field = self._fields[name]
        field.errors = [*field.errors, words]

    def _check_mode(self) -> None:
        if self.chosen_mode is None:
            self.blame("mode", _("Choose how you want to send it."))

    def _check_category(self) -> None:
        category = self.chosen_category
        if category is None:
            self.blame("category", _("Choose what it is about. “Something else” is fine."))
        elif category.concerns_staff and self.chosen_mode is Mode.PUBLIC:
            self.blame(
                "mode", _("What is about an officer is never shown in public. Choose another way to send it.")
            )

    def _check_story(self) -> None:
        category = self.chosen_category
        if category is not None and category.concerns_staff and self.about.data not in list(About):
            self.blame("about", _("Say whether it is a complaint or praise."))
        if not self.title.data:
            self.blame("title", _("Give it a short title."))
        if not self.story.data:
            self.blame("story", _("Tell us what happened, in your own words."))

    def _check_place(self) -> None:
        if self.neighborhood.data and self._chosen_area() is None:
            self.blame("neighborhood", _("Choose a neighborhood from the list, or leave it open."))
        if not self.point.data:
            return
        if self.chosen_point is None:
            self.blame(
                "point", _("We could not read this as a latitude and a longitude. You can leave it out.")
            )
        elif self.areas and not at_point(*self.chosen_point):
            self.blame(
                "point", _("This point lies outside our town. Is the latitude first? You can leave it out.")
            )

    def _check_contact(self) -> None:
        if self.language.data not in dict(spoken_languages()):
            self.blame("language", _("Choose a language from the list."))
        if self.email.data and not is_address(self.email.data):
            self.blame("email", _("Enter an e-mail address like name@example.org."))

    def _check_review(self) -> None:
        if not is_code(self.code.data or ""):
            self.form_errors.append(_("This form is incomplete. Nothing was lost: please send it again."))


def spoken_languages() -> list[tuple[str, str]]:
    """(tag, name in the page's language) of the languages to choose from, those of this site first."""
    return list(_spoken(tuple(current_app.config["FORUM"].languages), languages.page_language()))


@lru_cache(maxsize=32)  # finding thirty names takes two milliseconds
def _spoken(own: tuple[str, ...], page: str) -> tuple[tuple[str, str], ...]:
    named = {tag: languages.language_name(tag).capitalize() for tag in {*own, *SPOKEN}}
    rest = sorted(named.keys() - set(own), key=named.__getitem__)
    return tuple((tag, named[tag]) for tag in (*own, *rest))


def _value(field: Field) -> str:
    """What a hidden field says for *field*."""
    if isinstance(field, BooleanField):
        return "y" if field.data else ""
    return str(field.data or "")
