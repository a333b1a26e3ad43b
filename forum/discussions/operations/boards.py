"""The administrator's forums: what they are called, where they stand, whom they are for."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select

from forum.audit.operations import Actor, record
from forum.core import search
from forum.core.errors import Refusal
from forum.core.slugs import slug_of
from forum.core.transactions import operation
from forum.discussions.acts import DiscussionAct
from forum.discussions.models import Audience, Forum
from forum.discussions.policy import widens
from forum.discussions.queries.search import ids_in_forum
from forum.extensions import db


@dataclass(frozen=True, kw_only=True)
class ForumDetails:
    """A forum as its form has it. *names* and *abouts*: one text a language, English at least.

    *position* None: a new one last, another where it is. *widen*: that more people may read what was written for
    fewer is meant.
    """

    names: dict[str, str]
    abouts: dict[str, str]
    readers: Audience = Audience.EVERYONE
    starters: Audience = Audience.RESIDENTS
    repliers: Audience = Audience.RESIDENTS
    neighborhood_id: int | None = None
    position: int | None = None
    archived: bool = False
    widen: bool = False


@operation
def save_forum(*, actor: Actor | None, details: ForumDetails, forum: Forum | None = None) -> Forum:
    """Add a forum, or change *forum*; the word it has in addresses never changes.

    Refusal for one without an English name or a name that is taken, or when more people could read what was written
    for fewer and nobody said that this is meant.
    """
    if not details.names.get("en", "").strip():
        raise Refusal(_("Give it a name in English."), "name_en")
    new = forum is None
    if forum is None:
        forum = Forum(slug=_slug(details.names["en"]), position=_last() + 1)
        db.session.add(forum)
    elif widens(forum.readers, details.readers) and not details.widen:
        raise Refusal(
            _("More people could read what is there already. Tick the box below if you mean it."), "widen"
        )
    before = forum.readers, forum.neighborhood_id
    forum.names = _words(details)
    forum.readers, forum.starters, forum.repliers = details.readers, details.starters, details.repliers
    forum.neighborhood_id, forum.archived = details.neighborhood_id, details.archived
    if details.position is not None:
        forum.position = details.position
    db.session.flush()
    if not new and before != (forum.readers, forum.neighborhood_id):
        # In the same act, however long it takes: a count would tell others of what is no longer for them.
        search.renew("post", *db.session.scalars(ids_in_forum(forum.id)))
    record(
        actor=actor, act=DiscussionAct.FORUM_CREATE if new else DiscussionAct.FORUM_CHANGE, subject=forum,
        readers=str(forum.readers), starters=str(forum.starters), repliers=str(forum.repliers),
        archived=forum.archived,
    )  # fmt: skip
    return forum


def _words(details: ForumDetails) -> dict[str, dict[str, str]]:
    return {
        tag: {"name": name.strip(), "about": details.abouts.get(tag, "").strip()}
        for tag, name in details.names.items()
        if name.strip()
    }


def _slug(name: str) -> str:
    slug = slug_of(name, "forum")
    if db.session.scalar(select(Forum.id).where(Forum.slug == slug)) is not None:
        raise Refusal(_("There is one of this name already."), "name_en")
    return slug


def _last() -> int:
    return db.session.scalar(select(func.max(Forum.position))) or 0
