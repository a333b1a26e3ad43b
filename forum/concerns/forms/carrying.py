"""Pictures between the steps of a form: drawn anew, small, in hidden fields, since nothing is kept before sending."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Request
from flask_babel import gettext as _

from forum.concerns.operations.keeping import MOST_PICTURES, Pictures
from forum.concerns.pictures import carried, thumb, uncarried
from forum.core.errors import Refusal
from forum.core.forms import clean_line
from forum.core.uploads import read_picture

_ALT = 500  # characters
_LOOKED_AT = 3 * MOST_PICTURES  # files of one form that are read at all


@dataclass
class Carried:
    """The pictures of a form so far: (text of the picture, what it shows); ``errors`` tell what could not be taken."""

    pictures: list[tuple[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    added: int = 0

    @classmethod
    def of(cls, request: Request) -> Carried:
        """What the hidden fields hold, less what was taken out, with the files that came along."""
        found = cls()
        for place in range(MOST_PICTURES):
            text = request.form.get(f"picture-{place}", "")
            if text and not request.form.get(f"drop-{place}"):
                found.pictures.append((text, clean_line(request.form.get(f"alt-{place}"))[:_ALT]))
        found._add_files(request)
        return found

    def hidden(self, *, with_alt: bool = True) -> list[tuple[str, str]]:
        """(name, value) of the hidden fields that carry them on."""
        pairs = [(f"picture-{place}", text) for place, (text, _alt) in enumerate(self.pictures)]
        if with_alt:
            pairs += [(f"alt-{place}", alt) for place, (_text, alt) in enumerate(self.pictures) if alt]
        return pairs

    def previews(self) -> list[tuple[str, str]]:
        """(address that shows it, what it shows)."""
        return [(thumb(text), alt) for text, alt in self.pictures]

    def all(self) -> Pictures:
        """To be kept. Refusal for what somebody put into the hidden field themselves."""
        return tuple((uncarried(text), alt) for text, alt in self.pictures)

    def _add_files(self, request: Request) -> None:
        files = [upload for upload in request.files.getlist("pictures") if upload.filename]
        if getattr(request, "files_were_cut", False):
            self.errors.append(
                _("These pictures were too large to take all at once. Please add fewer at a time.")
            )
        for upload in files[:_LOOKED_AT]:
            if len(self.pictures) >= MOST_PICTURES:
                break
            try:
                self.pictures.append((carried(read_picture(upload, field="pictures")), ""))
                self.added += 1
            except Refusal as refusal:
                self._blame(str(refusal.message))
        if len(files) > self.added and len(self.pictures) >= MOST_PICTURES:
            self._blame(_("Send at most %(most)s pictures. The first ones are below.", most=MOST_PICTURES))

    def _blame(self, words: str) -> None:
        if words not in self.errors:
            self.errors.append(words)
