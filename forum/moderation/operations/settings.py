"""The agency's choices."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.audit.operations import Actor, record
from forum.core.errors import Refusal
from forum.core.transactions import operation
from forum.extensions import db
from forum.moderation.models import Setting
from forum.moderation.queries.setting import setting
from forum.moderation.vocabulary import ModerationAct


@operation
def change_setting(*, actor: Actor, first_posts: int, wait_hours: int, decide_days: int) -> Setting:
    """Choose how many first posts are read first (0: none), what their authors may expect, and the time to decide."""
    if not (0 <= first_posts <= 20 and 1 <= wait_hours <= 240 and 1 <= decide_days <= 30):
        raise Refusal(_("Give numbers within the limits."))
    found = db.session.scalars(setting().with_for_update()).one()
    found.first_posts, found.wait_hours, found.decide_days = first_posts, wait_hours, decide_days
    detail = {"first_posts": first_posts, "wait_hours": wait_hours, "decide_days": decide_days}
    record(actor=actor, act=ModerationAct.SETTING_CHANGE, subject=found, **detail)
    return found
