"""What staff write down for somebody who phoned, wrote or spoke at a meeting."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from forum.concerns.forms.raising import STEPS, RaiseForm
from forum.concerns.models import Source
from forum.concerns.words import source_words

SOURCES = (Source.PHONE, Source.PAPER, Source.MEETING)


class EnterForm(RaiseForm):
    """The whole form on one page, with the way it came."""

    source = RadioField(_l("How did it reach us?"), choices=[], validate_choice=False)

    def offer(self) -> None:
        """Fill the lists to choose from, for a page that shows the form."""
        super().offer()
        self.source.choices = [(str(source), source_words(source)) for source in SOURCES]

    def check_all(self) -> bool:
        """Whether everything holds; what is wrong is beside its field."""
        held = [self.check(step) for step in STEPS]
        if self.source.data not in SOURCES:
            self.blame("source", _("Say how it reached us."))
        return all(held) and not self.source.errors
