"""Pictures that came along with a form: read one by one, with words for those that could not be taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Request
from flask_babel import gettext as _

from forum.core.errors import Refusal
from forum.core.uploads import Picture, read_picture

_LOOKED_AT = 3  # times the number that may be taken: files of one form that are read at all


@dataclass
class Picked:
    """How many pictures were taken from a form, and what is said of the others."""

    taken: int = 0
    errors: list[str] = field(default_factory=list)

    def blame(self, words: str) -> None:
        """Say *words*, once."""
        if words not in self.errors:
            self.errors.append(words)


def pick(
    request: Request, take: Callable[[Picture], object], *, room: int, most: int, name: str = "pictures"
) -> Picked:
    """Hand each picture of the file field *name* to *take*, as long as there is *room* for more; of *most* in all.

    Files without a name are none: a browser sends one for a field that was left empty. A form that holds files has to
    be kept (``Request.keep_form``), so that what is too large takes no text with it.
    """
    found = Picked()
    files = [upload for upload in request.files.getlist(name) if upload.filename]
    if getattr(request, "files_were_cut", False):
        found.errors.append(
            _("These pictures were too large to take all at once. Please add fewer at a time.")
        )
    for upload in files[: _LOOKED_AT * most]:
        if found.taken >= room:
            break
        try:
            take(read_picture(upload, field=name))
            found.taken += 1
        except Refusal as refusal:
            found.blame(str(refusal.message))
    if len(files) > found.taken and found.taken >= room:
        found.blame(_("Send at most %(most)s pictures. The first ones are below.", most=most))
    return found
