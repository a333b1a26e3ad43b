"""What a topic's page shows: a page of posts, as threads or by time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from forum.accounts.forms import role_name
from forum.accounts.models import STAFF, Visitor
from forum.core import clock, templating
from forum.core.languages import page_language
from forum.discussions import policy, subjects
from forum.discussions.models import Audience, Post, PostState, Topic
from forum.discussions.queries import posts
from forum.discussions.queries.posts import PAGE
from forum.discussions.views import addresses, moved, pictures, polls_page, reactions
from forum.discussions.views.board_page import posts_words, topic_url
from forum.discussions.views.pictures import Shown
from forum.discussions.words import who
from forum.extensions import db

_PATH = re.compile(r"(?:\d{8}\.){1,4}")
_LARGEST = 99_999_999


def context(topic: Topic, args: Mapping[str, str]) -> dict[str, Any]:
    """Template variables of ``discussions/topic.html``; it shows what everybody who reads the forum may see.

    *args*: ``view=time`` for the order of numbers, ``after`` or ``before`` where another page ended; ``under`` a number
    for that post and what answers it alone.
    """
    by_time = args.get("view") == "time"
    branch = "" if by_time else _branch(topic, args)
    found, earlier, later = _by_time(topic, args) if by_time else _threaded(topic, args, branch)
    view = {"view": "time"} if by_time else {"under": args["under"]} if branch else {}
    official = (
        db.session.scalars(posts.post_of(topic.official_id)).one_or_none() if topic.official_id else None
    )
    shown = [*found, official] if official is not None else found
    said = reactions.counts_of([post.id for post in shown])
    seen = pictures.of_posts(shown)
    page_ids = [post.id for post in shown]
    rows = with_changes(
        _with_branches(topic, [post_row(post, flat=by_time, said=said, seen=seen) for post in found], branch)
    )
    answered = official is not None and official.is_published
    return {
        "topic": topic,
        "forum_name": topic.forum.name(page_language()),
        "forum_url": url_for("discussions.forum", slug=topic.forum.slug),
        "tags": [
            (t.word, url_for("discussions.forum", slug=topic.forum.slug, tag=t.word)) for t in topic.tags
        ],
        "posts": posts_words(topic.posts_count),
        **_question_first(rows, apart=answered and not branch),
        "official": with_changes([post_row(official, flat=True, said=said, seen=seen)])[0]
        if official is not None and answered
        else None,
        "page_ids": page_ids,
        "by_time": by_time,
        "shown": {"from": found[0].number - 1, "to": found[-1].number} if found else {"from": 0, "to": 0},
        "poll": polls_page.context(topic),
        "views": [
            {"label": _("Threads"), "url": topic_url(topic), "current": not by_time},
            {"label": _("By time"), "url": topic_url(topic, view="time"), "current": by_time},
        ],
        "earlier_url": topic_url(topic, **view, before=earlier) if earlier else None,
        "later_url": topic_url(topic, **view, after=later) if later else None,
        "reply_url": url_for("discussions.reply", topic_id=topic.id),
        "about": subjects.subject_of(Visitor(), topic.about_kind, topic.about_id),
        "order_url": url_for("discussions.keep_order", topic_id=topic.id),
        "slow": _slow_words(topic),
        "moves": moved.lines(topic),
        "waits": _waiting_words(topic),
        "closed": policy.is_closed(topic),
        # Never the request's host: the page is kept for others.
        "canonical": current_app.config["FORUM"].base_url + topic_url(topic),
        "feed_url": url_for("discussions.topic_feed", topic_id=topic.id)
        if topic.forum.readers is Audience.EVERYONE
        else None,
        "print_url": url_for("discussions.print_topic", topic_id=topic.id),
        "since_url": url_for("discussions.since", topic_id=topic.id),
        "last_number": topic.last_number,
        "branch": {"whole_url": topic_url(topic)} if branch else None,
    }


def page_of(post: Post) -> dict[str, Any]:
    """The arguments of the page by time that begins with *post*: a permalink leads there."""
    return {"view": "time", "after": post.number - 1} if post.number > 1 else {"view": "time"}


def post_row(
    post: Post,
    *,
    flat: bool,
    said: Mapping[int, Mapping[str, int]] | None = None,
    seen: Mapping[int, Sequence[Shown]] | None = None,
) -> dict[str, Any]:
    """One place of a topic, in words; plain values, for the page is kept. *said*: how often which word, by post;
    *seen*: the pictures, by post."""
    author = post.author
    urls = addresses.of(post)
    return {
        "id": post.id,
        "number": post.number,
        "depth": 0 if flat else post.depth,
        "to": post.parent_id if flat else None,
        "state": str(post.state),
        "gone": _gone_words(post),
        "rule_url": url_for("moderation_public.rules", _anchor=f"rule-{post.rule_number}")
        if post.state is PostState.HIDDEN and post.rule_number
        else None,
        "html": post.html if post.is_published else "",
        "pictures": (seen or {}).get(post.id, ()),
        "by": who(post),
        "by_url": url_for("discussions.person", person_id=author.id)
        if author and author.role in STAFF
        else None,
        "badge": author.title or str(role_name(author.role))
        if author is not None and author.role in STAFF
        else "",
        "author_id": post.author_id,
        "by_staff": author is not None and author.role in STAFF,
        "veiled": post.resident_of_id is not None,
        "official": post.official_role is not None,
        "when": templating.moment(post.created_at),
        "iso": post.created_at.isoformat(),
        "edited": _("edited %(when)s", when=templating.moment(post.edited_at)) if post.edited_at else "",
        "reactions": (said or {}).get(post.id, {}),
        **urls,
    }


def with_changes(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The *rows* with a way to what staff changed in them; no question where nothing was changed."""
    changed = [row["id"] for row in rows if row["edited"] and not row["gone"]]
    by_staff = set(db.session.scalars(posts.edited_by_staff(changed))) if changed else set()
    for row in rows:
        row["changes_url"] = (
            url_for("discussions.history", post_id=row["id"]) if row["id"] in by_staff else None
        )
    return rows


def _question_first(rows: list[dict[str, Any]], *, apart: bool) -> dict[str, Any]:
    """What asked stands above the agency's answer, and what others said follows both; on its page alone."""
    if apart and rows and rows[0]["number"] == 1 and not rows[0]["official"]:
        return {"question": rows[0], "rows": rows[1:]}
    return {"question": None, "rows": rows}


def _gone_words(post: Post) -> str:
    if post.state is PostState.DELETED:
        return _("Its author took this post back.")
    if post.state is PostState.HIDDEN:
        return _("Hidden under rule %(rule)s.", rule=post.rule_number) if post.rule_number else _("Hidden.")
    # Whether it is held or was given back is for its author and who keeps order (discussions/_own_post.html).
    return "" if post.is_published else _("This post cannot be read now.")


def _with_branches(topic: Topic, rows: list[dict[str, Any]], branch: str) -> list[dict[str, Any]]:
    """What begins a thread that has answers leads to a page of that thread alone."""
    for row, below in zip(rows, [*rows[1:], None], strict=True):
        answered = below is not None and below["depth"] > row["depth"]
        row["branch_url"] = (
            topic_url(topic, under=row["number"]) if answered and not row["depth"] and not branch else None
        )
    return rows


def _branch(topic: Topic, args: Mapping[str, str]) -> str:
    """The path of the post that ``under`` names; nothing where there is no such post."""
    number = _number(args.get("under", ""))
    return db.session.scalar(posts.path_numbered(topic.id, number)) or "" if number else ""


def _threaded(topic: Topic, args: Mapping[str, str], branch: str) -> tuple[list[Post], str, str]:
    before, after = _path(args.get("before", "")), _path(args.get("after", ""))
    wanted = posts.threaded(topic.id, after="" if before else after, before=before, under=branch)
    wanted = wanted.limit(PAGE + 1)
    shown, earlier, later = _cut(list(db.session.scalars(wanted)), before=bool(before), after=bool(after))
    return shown, shown[0].path if earlier else "", shown[-1].path if later else ""


def _by_time(topic: Topic, args: Mapping[str, str]) -> tuple[list[Post], int, int]:
    before, after = _number(args.get("before", "")), _number(args.get("after", ""))
    wanted = posts.by_time(topic.id, after=0 if before else after, before=before).limit(PAGE + 1)
    shown, earlier, later = _cut(list(db.session.scalars(wanted)), before=bool(before), after=bool(after))
    return shown, shown[0].number if earlier else 0, shown[-1].number if later else 0


def _cut(found: list[Post], *, before: bool, after: bool) -> tuple[list[Post], bool, bool]:
    """(the page, whether there is an earlier one, whether there is a later one)."""
    more, shown = len(found) > PAGE, found[:PAGE]
    if before:
        shown.reverse()
    if not shown:
        return [], False, False
    return (shown, more, True) if before else (shown, after, more)


def _slow_words(topic: Topic) -> str:
    if not topic.is_slow(clock.now()):
        return ""
    minutes = max(1, topic.slow_seconds // 60)
    said = _("Slow mode: one post in %(minutes)s min for each person.", minutes=minutes)
    until = _("Until %(when)s.", when=templating.moment(topic.slow_ends_at)) if topic.slow_ends_at else ""
    return " ".join(part for part in (said, topic.slow_reason, until) if part)


def _waiting_words(topic: Topic) -> str:
    """What staff are told of a topic that others do not see."""
    if not topic.about_public:
        return _("The event of this topic is not public. Only who sees the event can read this.")
    if topic.opens_at is None or topic.is_open(clock.now()):
        return ""
    return _("Only staff see this topic until %(when)s.", when=templating.moment(topic.opens_at))


def _path(text: str) -> str:
    return text if _PATH.fullmatch(text) else ""


def _number(text: str) -> int:
    return min(int(text), _LARGEST) if text.isascii() and text.isdigit() and len(text) < 12 else 0
