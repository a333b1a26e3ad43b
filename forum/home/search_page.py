"""What ``/search`` shows: the question in words, filters that stay in the address, results, and the way on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.core import clock, search
from forum.core.search import COUNTED, Answer, Order, Question, Result
from forum.core.templating import date_long
from forum.extensions import db
from forum.neighborhoods.queries import by_slug, neighborhood_options

LARGEST = 2**62


@dataclass(frozen=True)
class Asked:
    """The address, read; what cannot be read is left out."""

    q: str = ""
    kind: str = ""
    neighborhood: str = ""  # a slug
    from_day: date | None = None
    to_day: date | None = None
    order: Order = Order.BEST
    after: int | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Asked:
        """Read them from a query string."""
        kind, order = args.get("kind", ""), args.get("order", "")
        return cls(
            q=args.get("q", "").strip(),
            kind=kind if kind in search.kinds else "",
            neighborhood=args.get("neighborhood", "")[:120],
            from_day=_day(args.get("from", "")),
            to_day=_day(args.get("to", "")),
            order=Order(order) if order in list(Order) else Order.BEST,
            after=_number(args.get("after", "")),
        )

    def as_args(self) -> dict[str, Any]:
        """The query string again, without what is not set, and without the place in the list."""
        found = {
            "q": self.q[: 2 * search.LONGEST],
            "kind": self.kind,
            "neighborhood": self.neighborhood,
            "from": self.from_day.isoformat() if self.from_day else "",
            "to": self.to_day.isoformat() if self.to_day else "",
            "order": str(self.order) if self.order is not Order.BEST else "",
        }
        return {name: value for name, value in found.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether fewer things are asked for than words alone would find."""
        return bool(self.kind or self.is_placed)

    @property
    def is_placed(self) -> bool:
        """Whether the fields for place and time hold anything."""
        return bool(self.neighborhood or self.from_day or self.to_day)

    def question(self) -> Question:
        """What it asks of search; an area that there is not is left out."""
        area = db.session.scalars(by_slug(self.neighborhood)).unique().first() if self.neighborhood else None
        return search.question(
            self.q,
            kind=self.kind,
            neighborhood_id=area.id if area else None,
            from_day=self.from_day,
            to_day=self.to_day,
        )


def context(viewer: Any, args: Mapping[str, str]) -> dict[str, Any]:
    """Template variables of ``home/search.html``."""
    asked = Asked.from_args(args)
    question = asked.question()
    answer = search.find(viewer, question, order=asked.order, after=asked.after)
    return {
        "asked": asked,
        "kept": {name: given for name, given in asked.as_args().items() if name != "q"},
        "question": question,
        "rows": [_row(result) for result in answer.results],
        "count": count_words(answer),
        "kinds": _kind_chips(asked),
        "orders": _order_links(asked),
        "areas": [("", _("All neighborhoods")), *neighborhood_options()],
        "is_best": asked.order is Order.BEST,
        "is_first": asked.after is None,
        "more_url": _more_url(asked, answer),
        "first_url": url_for("home.search", **asked.as_args()) if asked.after is not None else None,
        "wider_url": url_for("home.search", q=asked.as_args().get("q")) if asked.is_narrowed else None,
    }


def count_words(answer: Answer) -> str:
    """«14 results», counted no further than a thousand, and of the newest than a hundred."""
    if answer.count > answer.counted:
        return _("More than 1,000 results") if answer.counted == COUNTED else _("More than 100 results")
    return ngettext("%(num)s result", "%(num)s results", answer.count)


def _row(result: Result) -> dict[str, Any]:
    day = clock.to_local(result.at).date()
    return {
        "kind": result.kind.one,
        "url": result.found.url,
        "title": result.title,
        "piece": result.piece,
        "language": result.language,
        "meta": result.found.meta,
        "status": result.found.status,
        "tone": result.found.tone,
        "iso": day.isoformat(),
        "day": date_long(day) if result.found.dated else None,
    }


def _kind_chips(asked: Asked) -> list[dict[str, Any]]:
    chosen = asked.as_args()
    chosen.pop("kind", None)
    offered = [("", _("Everything")), *((word, kind.label) for word, kind in search.kinds.items())]
    return [
        {
            "label": label,
            "url": url_for("home.search", **chosen, kind=word or None),
            "current": word == asked.kind,
        }
        for word, label in offered
    ]


def _order_links(asked: Asked) -> list[dict[str, Any]]:
    chosen = asked.as_args()
    chosen.pop("order", None)
    offered = [(Order.BEST, _("Best match first")), (Order.NEWEST, _("Newest first"))]
    return [
        {
            "label": label,
            "url": url_for("home.search", **chosen, order=None if order is Order.BEST else str(order)),
            "current": order is asked.order,
        }
        for order, label in offered
    ]


def _more_url(asked: Asked, answer: Answer) -> str | None:
    return None if answer.after is None else url_for("home.search", **asked.as_args(), after=answer.after)


def _number(text: str) -> int | None:
    return min(int(text), LARGEST) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2100 else None
