"""How to follow events in one's own calendar: the right link for each area, kind and application."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from forum.core.access import public
from forum.core.languages import page_language
from forum.events.feeds.links import subscribe_links
from forum.events.feeds.site import Site
from forum.events.queries import single
from forum.events.views.public import blueprint
from forum.extensions import db
from forum.neighborhoods.queries import neighborhood_options


@blueprint.get("/calendars")
@public
def subscribe() -> str:
    """Choose an area or a kind, and get its feed for every application."""
    areas = neighborhood_options()
    kinds = [(kind.slug, kind.name(page_language())) for kind in db.session.scalars(single.offered_kinds())]
    area, kind = request.args.get("neighborhood", ""), request.args.get("kind", "")
    url, name = _feed(dict(areas), dict(kinds), area, kind)
    return render_template(
        "events/subscribe.html",
        areas=[("", _("Anywhere")), *areas],
        kinds=[("", _("All kinds")), *kinds],
        neighborhood=area,
        kind=kind,
        name=name,
        links=subscribe_links(url, name),
        atom_url=Site.current().base_url
        + url_for("events_feeds.atom_feed", **_chosen(areas, kinds, area, kind)),
        snippet=_snippet(name, _chosen(areas, kinds, area, kind)),
    )


def _chosen(
    areas: list[tuple[str, str]], kinds: list[tuple[str, str]], area: str, kind: str
) -> dict[str, Any]:
    """What was chosen, as addresses have it; what there is not is left out."""
    chosen = {
        "neighborhood": area if area in dict(areas) else None,
        "kind": kind if kind in dict(kinds) else None,
    }
    return {word: value for word, value in chosen.items() if value}


def _snippet(name: str, chosen: dict[str, Any]) -> str:
    """What another site pastes to show the list; plain HTML, and the title that a screen reader says."""
    address = Site.current().base_url + url_for("events.embed", **chosen, lang=page_language())
    frame = Markup('<iframe src="{}" title="{}" width="100%" height="640" loading="lazy"></iframe>')
    return str(frame.format(address, name))  # a string: it is shown as text, not as a frame


def _feed(areas: dict[str, str], kinds: dict[str, str], area: str, kind: str) -> tuple[str, str]:
    """The absolute address and the name of the feed for an area, a kind, both or neither.

    It begins as configured, never with the request's scheme and host: the page is kept for others.
    """
    path, name = _path(areas, kinds, area, kind)
    return Site.current().base_url + path, name


def _path(areas: dict[str, str], kinds: dict[str, str], area: str, kind: str) -> tuple[str, str]:
    if area in areas and kind in kinds:
        name = _("%(kind)s in %(area)s", kind=kinds[kind], area=areas[area])
        return url_for("events_feeds.all_events", neighborhood=area, kind=kind), name
    if area in areas:
        return url_for("events_feeds.of_neighborhood", slug=area), areas[area]
    if kind in kinds:
        return url_for("events_feeds.of_kind", slug=kind), kinds[kind]
    return url_for("events_feeds.all_events"), _("All events")
