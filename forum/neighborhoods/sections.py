"""What higher slices add to an area's page. Wiring fills these lists, once, in the order of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from forum.accounts.models import Person, Visitor
from forum.neighborhoods.models import Neighborhood

Viewer = Person | Visitor


@dataclass(frozen=True)
class Section:
    """A part of the page: a template that begins with its own <h2>, and what it reads as ``section.data``."""

    template: str
    data: Mapping[str, Any]


class Link(TypedDict):
    """A way to take an area's dates or news along, as components/calendar_links.html takes it."""

    label: str
    url: str
    icon: str


# What each gives must look alike to every visitor, and ask the database a fixed number of questions.
page_sections: list[Callable[[Viewer, Neighborhood], Section | None]] = []

# Calendars and feeds of the area.
page_links: list[Callable[[Neighborhood], list[Link]]] = []


def sections_for(viewer: Viewer, neighborhood: Neighborhood) -> list[Section]:
    """The sections that have something to say."""
    return [found for section in page_sections if (found := section(viewer, neighborhood)) is not None]


def links_for(neighborhood: Neighborhood) -> list[Link]:
    """Every calendar and feed of *neighborhood*."""
    return [link for links in page_links for link in links(neighborhood)]
