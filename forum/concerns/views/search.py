"""Public concerns as search finds and shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from forum.concerns.models import Concern
from forum.concerns.queries import search
from forum.concerns.views.thread_rows import TONES
from forum.concerns.words import status_words
from forum.core.languages import page_language
from forum.core.search import Found, Kind
from forum.extensions import db


def load(_viewer: Any, ids: Sequence[int]) -> dict[int, Found]:
    """Those of these concerns that are public: nobody finds more here, whoever they are."""
    return {concern.id: _found(concern) for concern in db.session.scalars(search.found(ids))}


def _found(concern: Concern) -> Found:
    area = concern.neighborhood.name if concern.neighborhood else ""
    return Found(
        url=url_for("concerns_public.concern", reference=concern.reference),
        title=concern.title,
        meta=tuple(part for part in (concern.category.name(page_language()), concern.place, area) if part),
        status=status_words(concern.status),
        tone=TONES.get(concern.status, "accent"),
        dated=True,
    )


KIND = Kind(
    word="concern",
    label=_l("Concerns"),
    one=_l("Concern"),
    entries=search.entries,
    ids=search.all_ids,
    load=load,
)
