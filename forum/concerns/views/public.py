"""What everybody reads of concerns: the list, and one of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.concerns.models import Concern
from forum.concerns.queries.public import ConcernFilters
from forum.concerns.queries.sight import listed_by_reference, own_by_reference
from forum.concerns.receipts import reference_as_meant
from forum.concerns.views import concern_page, disputes_page, list_page, map_page, thread_page
from forum.core.access import public
from forum.core.shared_pages import shared_page
from forum.extensions import db

blueprint = Blueprint("concerns_public", __name__)


@blueprint.get("/concerns")
@public
def list_concerns() -> str | Response:
    """Public concerns, lately changed first, narrowed by the address."""
    filters = ConcernFilters.from_args(request.args)
    return shared_page("concerns/list_concerns.html", lambda: list_page.context(filters, request.args))


@blueprint.get("/concerns/map")
@public
def concern_map() -> str | Response:
    """How many there are in each neighborhood, narrowed by the address; the list is complete without it."""
    filters = ConcernFilters.from_args(request.args)
    return shared_page("concerns/map.html", lambda: map_page.context(filters))


@blueprint.get("/concerns/disputes")
@public
def disputes() -> str | Response:
    """How often people disagreed with a closing, and what was decided."""
    return shared_page("concerns/disputes.html", disputes_page.context)


@blueprint.get("/concerns/<reference>")
@public
def concern(reference: str) -> str | Response:
    """One concern: to its own account the whole thread, to everybody else what is public, or nothing."""
    meant = reference_as_meant(reference)
    own = _own(meant)
    if own is not None:
        return thread_page.page(own)
    return shared_page("concerns/concern.html", lambda: _public(reference, meant))


def listed_or_404(reference: str) -> Concern:
    """The public concern of a reference in an address, however it is spelled."""
    meant = reference_as_meant(reference)
    return db.session.scalars(listed_by_reference(meant)).one_or_none() or abort(404)


def _own(meant: str) -> Concern | None:
    if not current_user.is_authenticated:
        return None
    return db.session.scalars(own_by_reference(current_user.id, meant)).one_or_none()


def _public(reference: str, meant: str) -> dict[str, Any] | Response:
    found = listed_or_404(reference)
    if reference != meant:
        return redirect(url_for("concerns_public.concern", reference=meant), 301)
    return concern_page.public_context(found)
