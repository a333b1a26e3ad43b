"""Pictures between the steps of a form: drawn anew, small, in hidden fields, since nothing is kept before sending."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Request

from forum.concerns.operations.keeping import MOST_PICTURES, Pictures
from forum.concerns.pictures import carried, thumb, uncarried
from forum.core.forms import clean_line
from forum.core.picked import pick

_ALT = 500  # characters


@dataclass
class Carried:
    """The pictures of a form so far: (text of the picture, what it shows); ``errors`` tell what could not be taken."""

    pictures: list[tuple[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    added: int = 0

    @classmethod
    def of(cls, request: Request) -> Carried:
        """What the hidden fields hold, less what was taken out, with the files that came along."""
        found, sent = cls(), request.form
        for place in range(MOST_PICTURES):
            text = sent.get(f"picture-{place}", "")
            if text and not sent.get(f"drop-{place}"):
                found.pictures.append((text, clean_line(sent.get(f"alt-{place}"))[:_ALT]))
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
        picked = pick(
            request,
            lambda picture: self.pictures.append((carried(picture), "")),
            room=MOST_PICTURES - len(self.pictures),
            most=MOST_PICTURES,
        )
        self.added, self.errors = picked.taken, picked.errors
