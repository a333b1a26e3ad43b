"""What somebody says of a concern, apart from the fields that it is typed into, and whether each step of it holds.

A form of eighteen fields takes as long to make and to check as all that is asked of the database when it is sent. So
the last step, in which every field is hidden, reads these alone; the form is made where something has to be shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from forum.accounts.addresses import is_address, tidy
from forum.concerns.models import About, Category, Mode
from forum.concerns.queries.categories import offered_by_slug
from forum.concerns.receipts import is_code, reference_as_meant
from forum.core import languages
from forum.core.forms import clean_line, clean_text
from forum.core.intake import held_nul
from forum.extensions import db
from forum.neighborhoods.forms import read_point
from forum.neighborhoods.queries import at_point, neighborhood_choices

LONGEST = {
    "title": 120,
    "story": 20_000,
    "happened": 200,
    "place": 200,
    "point": 60,
    "name": 120,
    "phone": 60,
}
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
_UNCHECKED = ("", "false")  # what a box says that is not ticked
_MODES = {str(mode): mode for mode in Mode}
Wrong = Iterator[tuple[str, str]]  # the name of a field, "" for none, and what is wrong with it


@dataclass(kw_only=True)
class Answers:
    """Each as its field gives it: cleaned, "" where nothing was said."""

    mode: str = ""
    category: str = ""  # a slug
    about: str = ""
    title: str = ""
    story: str = ""
    happened: str = ""
    neighborhood: str = ""  # an id
    place: str = ""
    point: str = ""
    language: str = ""
    interpreter: bool = False
    name: str = ""
    email: str = ""
    phone: str = ""
    code: str = ""
    same: str = ""  # "y" once what others raised was seen, or the reference of the one that theirs joins

    @classmethod
    def sent(cls, form: MultiDict[str, str]) -> Answers:
        """What the hidden fields of the last step hold."""
        said = form.to_dict().get
        return cls(
            mode=said("mode", ""), category=said("category", ""), about=said("about", ""),
            title=clean_line(said("title")), story=clean_text(said("story")), happened=clean_line(said("happened")),
            neighborhood=said("neighborhood", ""), place=clean_line(said("place")), point=clean_line(said("point")),
            language=said("language") or languages.page_language(),
            interpreter=said("interpreter", "") not in _UNCHECKED,
            name=clean_line(said("name")), email=tidy(said("email")), phone=clean_line(said("phone")),
            code=said("code", ""), same=said("same", ""),
        )  # fmt: skip

    @property
    def chosen_mode(self) -> Mode | None:
        """The way it is sent, once that is chosen."""
        return _MODES.get(self.mode)

    @cached_property
    def areas(self) -> list[tuple[int, str]]:
        """(id, name) of the neighborhoods."""
        return neighborhood_choices()

    @cached_property
    def chosen_category(self) -> Category | None:
        """What it is about, once that is chosen."""
        found = db.session.scalars(offered_by_slug(), {"slug": self.category}).one_or_none()
        if found is not None:
            db.session.expunge(found)  # read once: it stays as it is, also when the write begins
        return found

    @property
    def chosen_about(self) -> About:
        """The town, unless the category is about the agency's own people."""
        category = self.chosen_category
        if category is None or not category.concerns_staff:
            return About.TOWN
        return About.COMMENDATION if self.about == About.COMMENDATION else About.COMPLAINT

    @property
    def chosen_point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees."""
        return read_point(self.point) if self.point else None

    @property
    def joins(self) -> str:
        """The reference of the public concern that this one goes along with; "" for none."""
        return reference_as_meant(self.same[:40]) if len(self.same) > 1 else ""

    @property
    def neighborhood_id(self) -> int | None:
        """The area chosen, else the one that the point lies in."""
        chosen = self._chosen_area()
        return self._at_point() if chosen is None else chosen

    def _chosen_area(self) -> int | None:
        chosen = self.neighborhood
        return next((id_ for id_, _name in self.areas if str(id_) == chosen), None) if chosen else None

    def _at_point(self) -> int | None:
        areas = at_point(*self.chosen_point) if self.chosen_point else []
        return areas[0].id if areas else None

    def hold(self) -> bool:
        """Whether all steps do, as the form would find; where they do not, the form says what is wrong."""
        held = vars(self)
        if held_nul() or any(len(held[name]) > most for name, most in LONGEST.items()):
            return False
        return not any(True for check in CHECKS.values() for _wrong in check(self))


def _check_mode(said: Answers) -> Wrong:
    if said.chosen_mode is None:
        yield "mode", _("Choose how you want to send it.")


def _check_category(said: Answers) -> Wrong:
    category = said.chosen_category
    if category is None:
        yield "category", _("Choose what it is about. “Something else” is fine.")
    elif category.concerns_staff and said.chosen_mode is Mode.PUBLIC:
        yield (
            "mode",
            _("What is about an officer is never shown in public. Choose another way to send it."),
        )


def _check_story(said: Answers) -> Wrong:
    category = said.chosen_category
    if category is not None and category.concerns_staff and said.about not in list(About):
        yield "about", _("Say whether it is a complaint or praise.")
    if not said.title:
        yield "title", _("Give it a short title.")
    if not said.story:
        yield "story", _("Tell us what happened, in your own words.")


def _check_place(said: Answers) -> Wrong:
    if said.neighborhood and said._chosen_area() is None:
        yield "neighborhood", _("Choose a neighborhood from the list, or leave it open.")
    if not said.point:
        return
    if said.chosen_point is None:
        yield "point", _("We could not read this as a latitude and a longitude. You can leave it out.")
    elif said.areas and not at_point(*said.chosen_point):
        yield "point", _("This point lies outside our town. Is the latitude first? You can leave it out.")


def _check_contact(said: Answers) -> Wrong:
    if said.language not in SPOKEN and said.language not in current_app.config["FORUM"].languages:
        yield "language", _("Choose a language from the list.")
    if said.email and not is_address(said.email):
        yield "email", _("Enter an e-mail address like name@example.org.")


def _check_review(said: Answers) -> Wrong:
    if not is_code(said.code):
        yield "", _("This form is incomplete. Nothing was lost: please send it again.")


CHECKS: dict[str, Callable[[Answers], Wrong]] = {
    "mode": _check_mode,
    "category": _check_category,
    "story": _check_story,
    "place": _check_place,
    "contact": _check_contact,
    "review": _check_review,
}
"""What is wrong with the answers of a step, of each that may be wrong."""
