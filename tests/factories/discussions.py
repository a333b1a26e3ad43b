"""Forums, topics and posts. Call inside a unit of work (the fixtures ``work`` and ``saved``)."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import count
from typing import Any

from PIL import Image
from sqlalchemy import Select, select
from werkzeug.datastructures import FileStorage

from forum.accounts.models import Person
from forum.core import uploads
from forum.discussions.models import Forum, Post, Topic, VerifiedResident
from forum.discussions.operations.attaching import Chosen, Enclosed, keep_waiting
from forum.discussions.operations.writing import reply, start_topic
from forum.discussions.operations.written import Written
from forum.discussions.queries.pictures import pictures_of
from forum.extensions import db
from tests.factories import accounts, neighborhoods

_numbers = count(1)
HELD = "He lives at 1419 West Blackhawk Street, go and see."


def forum(**columns: Any) -> Forum:
    """A forum that everyone reads and residents write in."""
    number = next(_numbers)
    words = {"en": {"name": f"Forum {number}", "about": "What happens here."}}
    made = Forum(**{"slug": f"forum-{number}", "names": words, "position": number, **columns})
    db.session.add(made)
    db.session.flush()
    return made


def topic(
    board: Forum | None = None,
    *,
    author: Person | None = None,
    title: str = "Cars race at night",
    text: str = "Every night.",
    tags: Sequence[str] = (),
) -> Topic:
    """A topic with its first post."""
    return start_topic(
        actor=author or accounts.person(),
        forum=board or forum(),
        title=title,
        written=Written(text=text),
        tags=tags,
    )


def post(
    where: Topic,
    *,
    author: Person | None = None,
    text: str = "I hear them too.",
    parent: Post | None = None,
    hold: bool = False,
    **more: Any,
) -> Post:
    """A reply; with *hold* one that a filter holds for the home address in it."""
    text = f"{text} {HELD}" if hold else text
    return reply(
        actor=author or accounts.person(), topic=where, written=Written(text=text, **more), parent=parent
    )


def jpeg(size: tuple[int, int] = (80, 40), color: str = "red") -> BytesIO:
    """A file as somebody would choose it."""
    file = BytesIO()
    Image.new("RGB", size, color).save(file, "JPEG")
    file.seek(0)
    return file


def waiting(person: Person, place: str, **more: Any) -> str:
    """The name of a picture that waits in *place* for what *person* writes there."""
    picture = uploads.read_picture(FileStorage(jpeg(), "lamp.jpg"))
    return keep_waiting(actor=person, place=place, added=[picture], **more)[0]


def pictured(where: Topic, *, author: Person | None = None, alt: str = "A broken lamp", **more: Any) -> Post:
    """A reply with one picture."""
    author, place = author or accounts.person(), f"topic {where.id}"
    chosen = (Chosen(waiting(author, place), alt),)
    return post(where, author=author, pictures=Enclosed(place, chosen), **more)


def picture_of(post_: Post) -> str:
    """The address of a post's picture."""
    return f"/posts/pictures/{db.session.scalars(pictures_of([post_.id])).one().name}"


def verified(person: Person | None = None, area: Any = None) -> Person:
    """A resident whose address staff have seen."""
    person = person or accounts.person()
    area = area or neighborhoods.neighborhood()
    db.session.add(VerifiedResident(person_id=person.id, neighborhood_id=area.id))
    db.session.flush()
    return person


def posts_of(where: Topic) -> Select[Post]:
    """All posts of a topic, in order."""
    return select(Post).where(Post.topic_id == where.id).order_by(Post.number)


def posts_of_person(author: Person) -> Select[Post]:
    """What they wrote under their name."""
    return select(Post).where(Post.author_id == author.id)
