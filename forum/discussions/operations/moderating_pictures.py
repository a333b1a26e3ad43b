"""What moderation can do with one picture under a post; wiring registers PICTURE.

Its file stays where it is, as that of a hidden post does: no address but the desk's gives it to who may not see it.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forum.core.errors import Refusal
from forum.core.uploads import small
from forum.discussions.models import Post, PostPicture, PostState
from forum.discussions.operations.attaching import take_away
from forum.discussions.operations.moderating import sees as sees_post
from forum.discussions.operations.states import hold_post
from forum.discussions.pictures import folder
from forum.discussions.queries import authors
from forum.discussions.queries.pictures import under_posts
from forum.discussions.queries.posts import whole_posts
from forum.discussions.words import who
from forum.extensions import db
from forum.moderation.models import Measure
from forum.moderation.registry import PICTURE_MEASURES, Moderated, Shown, Thing, Viewer, Wording

KIND = "post_picture"


def load(picture_id: int) -> Thing | None:
    """The picture as moderation takes it; None for one that waits in a draft, or was taken out."""
    return load_many([picture_id]).get(picture_id)


def load_many(picture_ids: Collection[int]) -> dict[int, Thing]:
    """The same of several, with as many questions however many there are."""
    rows = db.session.scalars(under_posts(picture_ids)).all()
    posts = {post.id: post for post in db.session.scalars(whole_posts({row.post_id or 0 for row in rows}))}
    unnamed = [post.id for post in posts.values() if post.author_id is None]
    found = db.session.execute(authors.veiled_authors_of(unnamed)) if unnamed else ()
    veiled = {row.post_id: row.person_id for row in found}
    return {row.id: _thing(row, posts[row.post_id or 0], veiled.get(row.post_id or 0)) for row in rows}


def sees(viewer: Viewer, picture_id: int) -> bool:
    """Who reads the post sees its pictures, but those that a decision hid."""
    row = db.session.get(PostPicture, picture_id)
    return (
        row is not None
        and row.post_id is not None
        and row.rule_number is None
        and sees_post(viewer, row.post_id)
    )


def about(viewer: Viewer, picture_id: int) -> tuple[str, str] | None:
    """(title, address) of the post that it stands under."""
    post = _post_of(db.session.get_one(PostPicture, picture_id))
    return (post.topic.title, f"/posts/{post.id}") if sees_post(viewer, post.id) else None


def path_of(picture_id: int) -> Path | None:
    """Where the file lies."""
    row = db.session.get(PostPicture, picture_id)
    path = folder() / row.name if row is not None else None
    return path if path is not None and path.is_file() else None


def hide(picture_id: int, rule: int) -> None:
    """A line stands in its place and names the rule; what it shows is hidden with it. Refusal when it is gone."""
    if _mark(picture_id, rule) is None:
        raise Refusal(_("What this is about is gone. There is nothing to decide."))


def show(picture_id: int) -> None:
    """As it was before; where its author has taken the post back meanwhile, it goes as the others did."""
    post = _mark(picture_id, None)
    if post is not None and post.state is PostState.DELETED:
        take_away(post)


def _mark(picture_id: int, rule: int | None) -> Post | None:
    """The post that it stands under; None where an edit was quicker and has taken it out."""
    row = db.session.get(PostPicture, picture_id)
    if row is None:
        return None
    post = _post_of(row)
    hold_post(post)
    row = db.session.get(PostPicture, picture_id, populate_existing=True)
    if row is None:
        return None
    row.rule_number = rule
    db.session.flush()
    return post


def _post_of(row: PostPicture) -> Post:
    return db.session.get_one(Post, row.post_id)


def _thing(row: PostPicture, post: Post, veiled: int | None) -> Thing:
    return Thing(
        kind=KIND,
        id=row.id,
        author_id=post.author_id or veiled,
        veiled=post.resident_of_id is not None,
        author_name=who(post),
        title="",
        text=row.alt,
        url=f"/posts/{post.id}",
        picture_url=f"/posts/pictures/{small(row.name)}",
        neighborhood_id=post.topic.forum.neighborhood_id,
        created_at=post.created_at,
        shown=Shown.SHOWN if row.rule_number is None and post.state is not PostState.HIDDEN else Shown.HIDDEN,
    )


PICTURE = Moderated(
    kind=KIND, noun=_l("picture under a post"), load=load, load_many=load_many, sees=sees, show=show, hide=hide,
    about=about, picture=path_of, measures=PICTURE_MEASURES,
    wording={
        Measure.KEEP: Wording(_l("Keep it: it breaks no rule"), _l("Your picture stays. It breaks no rule.")),
        Measure.WARN: Wording(
            _l("Warn: it stays, and its author is told"),
            _l("Your picture stays. Please do not send one like it again."),
        ),
        Measure.HIDE: Wording(
            _l("Hide the picture and the words that describe it: the post stays"),
            _l("We hid a picture of your post. The post itself stays."),
        ),
        Measure.PAUSE: Wording(
            _l("Hide the picture, and pause posting for its author"),
            _l("We hid a picture of your post, and you cannot post for a time."),
        ),
    },
)  # fmt: skip
