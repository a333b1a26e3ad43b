"""Pages that are alike for everyone but in a few small places: what is alike is rendered once, the rest each time.

A signed-in resident reads the same list of events as the next one, under another name at the top. So the page is kept
with *slots* where a template says ``{{ personal("layouts/_who.html") }}``; for each reader only the slots are rendered.
A kept page is used while the database is in the very state that it was made from: that is asked at the beginning of
each request, before it reads anything (``environ["forum.generation"]``), so everyone sees their own change at once.

Staff do not share, since they see more; a page of the desk can be kept for one reader *alone*, who opens it all day.
Visitors are served by the cache in front, which needs none of this.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import Flask, current_app, g, render_template, request
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.core import clock
from forum.core.caching.generation import Generation
from forum.core.languages import page_language
from forum.extensions import login

MOST = 500
MOST_CHARACTERS = 8_000_000  # of all kept pages: anyone can ask for a large one under many addresses
LONGEST_ADDRESS = 500
MAX_AGE = 60.0  # seconds; pages say what is over and what is next
# Not to be guessed, so that nobody writes a slot into a story.
_MARK = secrets.token_hex(8)
_SLOTS = re.compile(rf"<!--{_MARK}:(\d+)-->")

Slot = Callable[[], str]  # what stands at a place of a kept page, made for each reader


@dataclass(frozen=True)
class _Page:
    """A kept page: its pieces, with the number of a slot at every second place."""

    generation: Generation
    day: date
    made_at: float
    pieces: list[str]
    slots: list[Slot]

    @property
    def size(self) -> int:
        """Its length in characters."""
        return sum(map(len, self.pieces))


class _Shelf:
    """The kept pages of a process."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, _Page] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0

    def get(self, key: Hashable, generation: Generation) -> _Page | None:
        page = self._pages.get(key)
        if page is None or page.generation is not generation or page.day != clock.today():
            return None
        return page if time.monotonic() - page.made_at < MAX_AGE else None

    def put(self, key: Hashable, page: _Page) -> None:
        with self._lock:
            before = self._pages.pop(key, None)
            self._pages[key] = page
            self.size += page.size - (before.size if before else 0)
            while len(self._pages) > MOST or self.size > MOST_CHARACTERS:
                self.size -= self._pages.popitem(last=False)[1].size


def shared_page(
    template: str,
    make: Callable[[], Mapping[str, Any] | Response],
    *,
    key: Hashable = (),
    alone: bool = False,
    frame: bool = False,
    **own: Any,
) -> str | Response:
    """*template* with the variables that *make* gives, which may depend on the address, the language and *key* alone.

    With *alone* it may also depend on who reads, and is kept for them only; nothing else about the request may show in
    it (no flash, no value that was just typed). *own* is what its slots read of this reader. A Response from *make* (a
    redirect) is passed on. What is handed to a slot in the template must be plain values, for it outlives the request.

    With *frame* everything but its slots is alike at every address of its path: what has more addresses than a cache
    has room, for visitors too.
    """
    g.own = own
    generation = request.environ.get("forum.looked" if frame else "forum.generation")
    if generation is None or request.method not in ("GET", "HEAD") or not (alone or _like_the_others()):
        made = make()
        return made if isinstance(made, Response) else render_template(template, **{**made, **own})
    shelf: _Shelf = current_app.extensions["shared_pages"]
    reader = current_user.id if alone else None
    address = request.path if frame else request.full_path
    whole_key = (template, page_language(), address[:LONGEST_ADDRESS], key, reader)
    page = shelf.get(whole_key, generation)
    if page is None:
        rendered = _render(template, make, generation, alone=alone)
        if isinstance(rendered, Response):
            return rendered
        page = rendered
        if len(address) < LONGEST_ADDRESS:
            shelf.put(whole_key, page)
    return _fill(page)


def personal(template: str, **variables: Any) -> Markup:
    """A slot: *template* rendered for this reader, with *variables* and the page's own."""
    return slot(partial(_rendered, template, variables))


def slot(make: Slot) -> Markup:
    """What *make* gives, safe markup: written at once, or for each reader where the page around it is kept."""
    slots: list[Slot] | None = g.get("slots")
    if slots is None:
        return Markup(make())  # noqa: S704 - a template's output is escaped
    slots.append(make)
    return Markup(f"<!--{_MARK}:{len(slots) - 1}-->")  # noqa: S704 - digits


def _like_the_others() -> bool:
    return not current_user.is_authenticated or not current_user.is_staff


def _render(
    template: str,
    make: Callable[[], Mapping[str, Any] | Response],
    generation: Generation,
    *,
    alone: bool,
) -> _Page | Response:
    slots: list[Slot] = []
    with _with_slots(slots) if alone else _as_visitor(slots):
        made = make()
        if isinstance(made, Response):
            return made
        text = render_template(template, **made)
    return _Page(generation, clock.today(), time.monotonic(), _SLOTS.split(text), slots)


@contextmanager
def _with_slots(slots: list[Slot]) -> Iterator[None]:
    g.slots = slots
    try:
        yield
    finally:
        g.pop("slots")


@contextmanager
def _as_visitor(slots: list[Slot]) -> Iterator[None]:
    """Within the block the reader is nobody, and a form with a token is an error: it would be shown to others."""
    reader = current_user._get_current_object()
    was_personal = g.pop("personal", False)
    g._login_user = login.anonymous_user()
    try:
        with _with_slots(slots):
            yield
        if g.get("personal"):
            raise RuntimeError("a shared page holds what is personal: put it into a slot")
    finally:
        g._login_user, g.personal = reader, was_personal


def _fill(page: _Page) -> str:
    pieces = page.pieces.copy()
    for place in range(1, len(pieces), 2):
        pieces[place] = page.slots[int(pieces[place])]()
    return "".join(pieces)


def _rendered(template: str, variables: dict[str, Any]) -> str:
    """What is alike in all slots of a page is put together once; a template is given it as it is."""
    env = current_app.jinja_env
    context: dict[str, Any] | None = g.get("slot_context")
    if context is None:
        own = dict(g.get("own", {}))
        current_app.update_template_context(own)
        context = g.slot_context = {**env.globals, **own}
    made = env.get_template(template)
    try:
        return str(env.concat(made.root_render_func(made.new_context({**context, **variables}, shared=True))))
    except Exception:
        env.handle_exception()


def init_app(app: Flask) -> None:
    """Give templates ``personal``."""
    app.extensions["shared_pages"] = _Shelf()
    app.jinja_env.globals["personal"] = personal
