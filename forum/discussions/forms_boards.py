"""The administrator's form of a forum."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from forum.core.forms import Form, Line
from forum.discussions.models import Audience, Forum
from forum.discussions.operations.boards import ForumDetails
from forum.neighborhoods.models import Neighborhood

AUDIENCES = {
    Audience.EVERYONE: _l("Everyone"),
    Audience.RESIDENTS: _l("Everybody with an account"),
    Audience.VERIFIED: _l("Residents who showed us where they live"),
    Audience.STAFF: _l("Staff only"),
}
# Nobody writes without an account.
_WRITERS = [
    SelectChoice(str(word), label) for word, label in AUDIENCES.items() if word is not Audience.EVERYONE
]


class ForumForm(Form):
    """A forum: its words, its place, whom it is for."""

    name_en = Line(_l("Name in English"), [InputRequired(_l("Give it a name in English."))], most=60)
    name_es = Line(_l("Name in Spanish"), most=60)
    about_en = Line(_l("What it is for, in English"), most=300, description=_l("One plain sentence."))
    about_es = Line(_l("What it is for, in Spanish"), most=300)
    readers = SelectField(
        _l("Who may read"), choices=[SelectChoice(str(w), label) for w, label in AUDIENCES.items()]
    )
    starters = SelectField(
        _l("Who may start topics"), choices=_WRITERS, description=_l("For announcements: staff only.")
    )
    repliers = SelectField(_l("Who may reply"), choices=_WRITERS)
    neighborhood = SelectField(_l("Neighborhood"))
    position = IntegerField(_l("Place in the list"), [Optional(), NumberRange(0, 999)])
    archived = BooleanField(_l("Archived: it can be read, and no longer written in"))
    widen = BooleanField(_l("Yes, more people may read what is there already"))

    def offer(self, areas: Iterable[Neighborhood]) -> ForumForm:
        """The form with the *areas* to choose from."""
        self.neighborhood.choices = [
            SelectChoice("", _l("The whole town")),
            *(SelectChoice(str(area.id), area.name) for area in areas),
        ]
        return self

    @classmethod
    def of(cls, forum: Forum) -> ForumForm:
        """The form with what there is."""
        words = {f"{part}_{tag}": text for tag, found in forum.names.items() for part, text in found.items()}
        return cls(
            **words,
            readers=str(forum.readers),
            starters=str(forum.starters),
            repliers=str(forum.repliers),
            neighborhood=str(forum.neighborhood_id or ""),
            position=forum.position,
            archived=forum.archived,
        )

    def details(self) -> ForumDetails:
        """What operations take."""
        return ForumDetails(
            names={"en": self.name_en.data or "", "es": self.name_es.data or ""},
            abouts={"en": self.about_en.data or "", "es": self.about_es.data or ""},
            readers=Audience(self.readers.data),
            starters=Audience(self.starters.data),
            repliers=Audience(self.repliers.data),
            neighborhood_id=int(self.neighborhood.data) if self.neighborhood.data else None,
            position=self.position.data,
            archived=bool(self.archived.data),
            widen=bool(self.widen.data),
        )
