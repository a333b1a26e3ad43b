"""What other slices add to an event's page. Wiring fills the list, once, in the order of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from forum.events.models import Event


@dataclass(frozen=True)
class Section:
    """A part of the page: a template that begins with its own <h2>, and what it reads as ``section.data``."""

    template: str
    data: Mapping[str, Any]


# What each gives must look alike to every visitor, and ask the database a fixed number of questions.
page_sections: list[Callable[[Event], Section | None]] = []


def sections_for(event: Event) -> list[Section]:
    """The sections that have something to say."""
    return [found for section in page_sections if (found := section(event)) is not None]
