"""The agency's answer: one post of staff that stands under the question."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import Person
from forum.audit.operations import record
from forum.core.db import row_id
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.discussions import policy
from forum.discussions.acts import DiscussionAct
from forum.discussions.models import Post, Topic
from forum.discussions.operations.states import hold_post
from forum.extensions import db


@operation
def mark_official(*, actor: Person, post: Post) -> None:
    """Make *post* the agency's answer in its topic, in the place of another one.

    Refusal for who may not say so, and for a post that is not staff's or not published.
    """
    topic = hold_post(post)
    if not policy.can_mark_official(actor, post):
        raise Refusal(_("Only a post of staff that everybody reads can be the agency’s answer."))
    _forget(topic)
    topic.official_id, post.official_role = row_id(post), str(actor.role)
    db.session.flush()
    record(actor=actor, act=DiscussionAct.POST_OFFICIAL, subject=post, official=True)


@operation
def unmark_official(*, actor: Person, post: Post) -> None:
    """Say that *post* is not the agency's answer after all; doing it twice is doing it once."""
    topic = hold_post(post)
    if not policy.can_answer_officially(actor):
        raise Refusal(_("Only officers and supervisors say what the agency’s answer is."))
    if post.official_role is None:
        return
    post.official_role = None
    if topic.official_id == row_id(post):
        _forget(topic)
    record(actor=actor, act=DiscussionAct.POST_OFFICIAL, subject=post, official=False)


def _forget(topic: Topic) -> None:
    before = db.session.get(Post, topic.official_id) if topic.official_id is not None else None
    if before is not None:
        before.official_role = None
    topic.official_id = None
    db.session.flush()
