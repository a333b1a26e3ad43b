"""What moderation can do with a post, and what a post does on its way in; wiring registers POST."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from forum.accounts.models import Person
from forum.core import clock, markdown, search
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.templating import moment
from forum.core.uploads import SMALL, fitted, small
from forum.core.words import SHORT, likeness
from forum.discussions import lines, mentions, policy, subjects
from forum.discussions.models import Post, PostState, Revision, Topic
from forum.discussions.operations.flooding import pace_of, refuse_more
from forum.discussions.operations.naming import replace_name
from forum.discussions.operations.states import hold_post, note_shown, set_state
from forum.discussions.queries import authors
from forum.discussions.queries.boards import is_verified
from forum.discussions.queries.pictures import not_hidden
from forum.discussions.queries.posts import whole_posts
from forum.discussions.queries.search import can_be_found, entry
from forum.extensions import db
from forum.moderation.filters import NOTHING, Filter, Lately
from forum.moderation.models import Setting
from forum.moderation.operations.receiving import receive
from forum.moderation.pace import DAY as LATELY
from forum.moderation.pace import Pace
from forum.moderation.registry import Moderated, Shown, Thing, ThingPicture, Viewer

KIND = "post"
_SHOWN = {
    PostState.DELETED: Shown.DELETED,
    PostState.GIVEN_BACK: Shown.GIVEN_BACK,
    PostState.HELD: Shown.HELD,
    PostState.HIDDEN: Shown.HIDDEN,
    PostState.PUBLISHED: Shown.SHOWN,
}


def refuse_paused(until: datetime | None) -> None:
    """Refusal while a decision keeps somebody from posting, *until* then."""
    if until is not None:
        raise Refusal(
            _(
                "You cannot post until %(moment)s. You can still read, RSVP and tell us concerns.",
                moment=moment(until),
            )
        )


def let_in(
    post: Post,
    author: Person,
    *,
    edited: bool = False,
    plain: str | None = None,
    choices: Setting | None = None,
) -> None:
    """Send a flushed *post* through the filters; they may hold it for a person.

    *plain*, its words for search, and the agency's *choices*: where they are at hand.
    """
    shown = _pictures_of([post.id] if post.pictures_count else [])
    held = receive(
        kind=KIND,
        thing_id=post.id,
        thing=_thing(post, row_id(author), shown.get(post.id, [])),
        author=author,
        posts_before=lambda: db.session.scalar(authors.published_by(author.id, but=post.id)) or 0,
        lately=lambda _words: lately(author, post.text, but=post),
        # An edit is nothing more that they wrote; but what waited for this is not let go by one.
        pace=lambda known: (
            pace_of(post, author, known) if not edited or post.state is PostState.HELD else Pace()
        ),
        edited=edited,
        choices=choices,
    )
    if held is not None and Filter.MUCH in held.reasons and not edited:
        refuse_more(author)
    note_shown(post.topic, post)
    db.session.flush()
    if edited:
        search.renew(KIND, post.id)
    elif can_be_found(post):
        search.add_soon(KIND, post.id, lambda: entry(post, plain))


def lately(author: Person, words: str, *, but: Post | None = None) -> Lately:
    """What *author* wrote in the last hours, beside the post *but*: how much, how much of it says the same as *words*,
    and in how many topics other than its own."""
    asked = {
        "person_id": row_id(author),
        "since": clock.now() - LATELY,
        "but": but.id if but is not None else 0,
        "topic_id": but.topic_id if but is not None else 0,
        "likeness": likeness(words),
    }
    row = authors.WRITTEN_SINCE.one_or_none(db.session(), **asked)
    return Lately(*row) if row is not None else NOTHING


def load(post_id: int) -> Thing | None:
    """The post as moderation takes it, in whatever state; of a topic's first post the title comes first."""
    return load_many([post_id]).get(post_id)


def load_many(post_ids: Collection[int]) -> dict[int, Thing]:
    """The same of several, with two questions however many there are."""
    found = db.session.scalars(whole_posts(post_ids)).all()
    unnamed = [post.id for post in found if post.author_id is None]
    rows = db.session.execute(authors.veiled_authors_of(unnamed)) if unnamed else ()
    veiled = {row.post_id: row.person_id for row in rows}
    shown = _pictures_of([post.id for post in found if post.pictures_count])
    return {
        post.id: _thing(post, post.author_id or veiled.get(post.id), shown.get(post.id, [])) for post in found
    }


def _pictures_of(post_ids: list[int]) -> dict[int, list[ThingPicture]]:
    shown: dict[int, list[ThingPicture]] = {}
    for row in db.session.scalars(not_hidden(post_ids)) if post_ids else ():
        width, height = fitted((row.width, row.height), SMALL)
        url, small_url = (f"/posts/pictures/{name}" for name in (row.name, small(row.name)))
        shown.setdefault(row.post_id or 0, []).append(
            ThingPicture(url=url, small=small_url, alt=row.alt, width=width, height=height)
        )
    return shown


def _head(topic: Topic) -> str:
    """What stands before the words of a topic's first post."""
    return "\n".join([topic.title, *lines.tag_lines([tag.word for tag in topic.tags])]) + "\n\n"


def _thing(post: Post, author_id: int | None, pictures: list[ThingPicture]) -> Thing:
    topic = post.topic
    head = spoken = ""
    if post.number == 1:
        spoken = _head(topic)
        with lines.one_language():
            head = _head(topic)
    name = _("Resident of %(area)s", area=post.resident_of.name) if post.resident_of else ""
    return Thing(
        kind=KIND,
        id=post.id,
        author_id=author_id,
        veiled=post.resident_of_id is not None,
        author_name=name or (post.author.name if post.author else _("Somebody who left")),
        noun=_l("comment on an event") if topic.about_kind == "event" else "",
        title=topic.title,
        text=f"{head}{post.text}",
        marked=post.text,
        spoken=spoken,
        history_url=f"/posts/{post.id}/history" if post.edited_at is not None else "",
        url=f"/posts/{post.id}",
        edit_url=f"/posts/{post.id}/edit",
        neighborhood_id=topic.forum.neighborhood_id,
        created_at=post.created_at,
        shown=_SHOWN[post.state],
        pictures=tuple(pictures),
    )


def sees(viewer: Viewer, post_id: int) -> bool:
    """Whether *viewer* may read it now."""
    post = db.session.get(Post, post_id)
    if post is None:
        return False
    there = policy.can_see_topic(viewer, post.topic, clock.now(), verified=is_verified(viewer))
    return there and policy.can_see_post(viewer, post)


def about(viewer: Viewer, post_id: int) -> tuple[str, str] | None:
    """(title, address) of what its topic talks about: the event that it is a comment on."""
    topic = db.session.get_one(Post, post_id).topic
    return subjects.subject_of(viewer, topic.about_kind, topic.about_id)


def within(since: datetime, until: datetime, author_ids: Collection[int], limit: int) -> list[Thing]:
    """What was written in this time and others read or would read soon, the newest first.

    With *author_ids* only what these people wrote under their name: nobody is to learn here who wrote «as a resident».
    """
    ids = db.session.scalars(authors.written_within(since, until, author_ids).limit(limit)).all()
    found = load_many(ids)
    return [found[post_id] for post_id in ids]


def seen_authors(viewer: Viewer, person_ids: Collection[int]) -> set[int]:
    """Those of these people under whose name *viewer* reads something."""
    wanted = authors.named_in_public(viewer, person_ids, clock.now(), verified=is_verified(viewer))
    return {person_id for person_id in db.session.scalars(wanted) if person_id is not None}


def same_text(thing: Thing) -> set[int]:
    """Who else wrote the very same as a post under their name, within a month of it."""
    post = db.session.get(Post, thing.id) if thing.kind == KIND else None
    if post is None or post.author_id is None or len(post.text) <= SHORT:
        return set()
    month = timedelta(days=30)
    wanted = authors.same_text_as(
        post.text, post.created_at - month, post.created_at + month, but=post.author_id
    )
    return {person_id for person_id in db.session.scalars(wanted) if person_id is not None}


def hold(post_id: int) -> None:
    """Others no longer read it."""
    _change(post_id, PostState.HELD)


def show(post_id: int) -> None:
    """As it was before."""
    _change(post_id, PostState.PUBLISHED)


def hide(post_id: int, rule: int) -> None:
    """A tombstone stands in its place and names the rule."""
    _change(post_id, PostState.HIDDEN, rule)


def give_back(post_id: int) -> None:
    """Its author is asked to edit it."""
    _change(post_id, PostState.GIVEN_BACK)


def replace_text(post_id: int, text: str) -> None:
    """Another text in its place; of a topic's first post the title is its first line, and the tags are the second.

    What it said before goes too, since its changes are public.
    """
    post = db.session.get_one(Post, post_id)
    if post.number == 1:
        head, _blank, text = text.partition("\n\n")
        replace_name(post.topic, head.splitlines())
    post.text = text.strip() or _("(removed)")
    post.html, post.renderer = mentions.rendered(post.text), markdown.RENDERER
    db.session.execute(update(Revision).where(Revision.post_id == post_id).values(text=""))
    db.session.flush()
    search.renew(KIND, post_id)


def _change(post_id: int, state: PostState, rule: int | None = None) -> None:
    post = db.session.get_one(Post, post_id)
    topic = hold_post(post)
    if post.state is PostState.DELETED:
        return
    post.rule_number = rule
    set_state(topic, post, state)


POST = Moderated(
    kind=KIND, noun=_l("post"), load=load, sees=sees, hold=hold, show=show, hide=hide, give_back=give_back,
    replace_text=replace_text, load_many=load_many, about=about, within=within,
)  # fmt: skip
