"""``@dana-ruiz`` and ``@eastside-team``: a name in small letters with hyphens, where only one bears it.

A handle that two bear, or nobody, stays plain text: a mail to the wrong officer is worse than none.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from forum.core import markdown
from forum.core.slugs import slug_of
from forum.discussions.queries.people import staff_names, team_names
from forum.extensions import db

MOST = 10  # in one post; more are not told
_HANDLE = re.compile(r"(?<![\w@./-])@([a-z0-9]+(?:-[a-z0-9]+)*)", re.IGNORECASE)
_TAG = re.compile(r"(<[^>]*>)")
_NOT_IN = ("a", "code", "pre")


@dataclass(frozen=True)
class Named:
    """Who bears a handle: a person who works here, or a team with its people."""

    name: str
    people: tuple[int, ...]
    is_team: bool = False


class Rendered(NamedTuple):
    """What is made of a text when it is saved: for pages, and for search."""

    html: str
    plain: str


def directory() -> dict[str, Named]:
    """Everybody who can be named, by handle; two statements."""
    staff = db.session.execute(staff_names()).all()
    found = [(slug_of(name, ""), Named(name, (person,))) for person, name, _team in staff]
    for team, name in db.session.execute(team_names()):
        members = tuple(person for person, _name, of in staff if of == team)
        found.append((slug_of(name, ""), Named(name, members, is_team=True)))
    borne = Counter(handle for handle, _named in found)
    return {handle: named for handle, named in found if handle and borne[handle] == 1}


def may_name(text: str) -> bool:
    """Whether *text* has a mark of a name; most have none."""
    return "@" in text


def people_in(text: str) -> list[int]:
    """Whom *text* names, each once, teams as their people; the first MOST handles alone."""
    handles = list(dict.fromkeys(handle.lower() for handle in _HANDLE.findall(text)))
    if not handles:
        return []
    known = directory()
    named = [known[handle] for handle in handles if handle in known][:MOST]
    return list(dict.fromkeys(person for one in named for person in one.people))


def rendered(text: str) -> str:
    """The HTML of *text*, with a link to the page of each person that it names."""
    return _with_links(markdown.render(text), text)


def both(text: str) -> Rendered:
    """The same, and the text's plain words."""
    html, plain = markdown.both(text)
    return Rendered(_with_links(html, text), plain)


def _with_links(html: str, text: str) -> str:
    if not may_name(text) or not _HANDLE.search(text):
        return html
    known, inside, pieces = directory(), 0, _TAG.split(html)
    for place, piece in enumerate(pieces):
        if place % 2:
            name = piece.strip("</>").split(" ", 1)[0]
            inside += (-1 if piece.startswith("</") else 1) if name in _NOT_IN else 0
        elif not inside:
            pieces[place] = _HANDLE.sub(lambda match: _linked(match, known), piece)
    return "".join(pieces)


def _linked(match: re.Match[str], known: dict[str, Named]) -> str:
    """Letters, digits and hyphens alone: nothing to escape."""
    named = known.get(match[1].lower())
    if named is None:
        return match[0]
    return (
        f"<strong>{match[0]}</strong>"
        if named.is_team
        else f'<a href="/people/{named.people[0]}">{match[0]}</a>'
    )
