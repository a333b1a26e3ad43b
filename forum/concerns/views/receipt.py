"""The receipt: the answer to a concern that was sent, and the one page that shows its code.

Its frame is alike for all visitors who send in the same way, and drawing it took a fourth of the whole request. So the
frame is kept, with marks where something of one's own stands; a code, a reference or a title is never kept.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, current_app, g, make_response, render_template, request, session, url_for
from flask_login import current_user
from markupsafe import escape

from forum.concerns.models import Category, Concern, Mode
from forum.concerns.words import answer_within
from forum.core import clock
from forum.core.languages import page_language
from forum.core.templating import date_long

MOST = 100  # frames of one process
_MARK = secrets.token_hex(8)  # not to be guessed, so that nobody writes a mark into what is kept
_MARKS = re.compile(rf"{_MARK}-(\w+)-")
_EXTENSION = "concern_receipts"


def receipt_page(concern: Concern, code: str, sent: Category, *, read_out: bool = False) -> Response:
    """What to write down. It is the answer itself, so that no address leads to it again. *sent*: the category that the
    form named, which need not be read again. *read_out*: to somebody who is on the phone."""
    signed_in = current_user.is_authenticated
    own = {"code": code, "reference": concern.reference, "title": concern.title}
    alike = _Alike(
        concern.mode,
        sent if sent.id == concern.category_id else concern.category,
        clock.to_local(concern.arrived_at).date(),
        has_account=signed_in and not concern.is_anonymous,
        read_out=read_out,
    )
    if signed_in or "_flashes" in session:
        return make_response(alike.drawn(own))
    pieces = _frame(tuple(own), alike)
    return make_response("".join(escape(own[piece]) if at % 2 else piece for at, piece in enumerate(pieces)))


@dataclass(frozen=True)
class _Alike:
    """What many receipts have in common. It is worded only where a page is drawn, which takes longer than the rest."""

    mode: Mode
    category: Category
    day: date
    has_account: bool
    read_out: bool

    @property
    def key(self) -> tuple[Any, ...]:
        """The same for two that are worded alike at the same address of the site."""
        hours = self.category.answer_hours
        return (
            page_language(),
            request.scheme,
            request.host,
            self.mode,
            hours,
            self.day,
            self.has_account,
            self.read_out,
        )

    def drawn(self, own: dict[str, str]) -> str:
        """The page."""
        return render_template(
            "concerns/receipt.html", **own, mode=self.mode, answered_within=answer_within(self.category),
            day=date_long(self.day), track_address=url_for("concerns.track", _external=True),
            has_account=self.has_account, read_out=self.read_out, untraced=True,
            language_form="none",  # no page shows the code again
        )  # fmt: skip


def _frame(names: tuple[str, ...], alike: _Alike) -> list[str]:
    """Its pieces as a visitor gets them, with a name of *names* at every second place."""
    kept: dict[tuple[Any, ...], list[str]] = current_app.extensions.setdefault(_EXTENSION, {})
    key = alike.key
    found = kept.get(key)
    if found is None:
        found = _MARKS.split(alike.drawn({name: f"{_MARK}-{name}-" for name in names}))
        if g.get("personal"):
            raise RuntimeError("the receipt's frame holds what is personal")
        if len(kept) >= MOST:
            kept.clear()
        if not current_app.config["FORUM"].debug:  # there, files change while the site runs
            kept[key] = found
    return found
