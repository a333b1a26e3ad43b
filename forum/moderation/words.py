"""The words of closed vocabularies, as people read them."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from forum.moderation.filters import Filter
from forum.moderation.models import CaseState, CaseStep, Measure, Retention, Step, Turn, Verdict
from forum.moderation.pace import FIRST_DAY, FIRST_WEEKS, LATER
from forum.moderation.queries.hints import Sign
from forum.moderation.registry import Moderated


def state_words(state: CaseState) -> str:
    """«New»."""
    return {
        CaseState.DECIDED: _("Decided"),
        CaseState.DROPPED: _("Mended by its author"),
        CaseState.NEW: _("New"),
        CaseState.TAKEN: _("Taken"),
    }[state]


def measure_words(measure: Measure) -> str:
    """«Hidden»: what was decided."""
    return {
        Measure.EDIT: _("Given back to edit"),
        Measure.HIDE: _("Hidden"),
        Measure.KEEP: _("Kept"),
        Measure.PAUSE: _("Hidden, and posting paused"),
        Measure.REDACT: _("Personal data removed"),
        Measure.WARN: _("Kept, with a warning"),
    }[measure]


def choice_words(measure: Measure, moderated: Moderated | None = None) -> str:
    """What a moderator chooses, in the words of that kind where it has its own."""
    if moderated is not None and measure in moderated.wording:
        return str(moderated.wording[measure].choice)
    return {
        Measure.EDIT: _("Ask to edit: its author gets the text back, others do not see it meanwhile"),
        Measure.HIDE: _("Hide it"),
        Measure.KEEP: _("Keep it: it breaks no rule"),
        Measure.PAUSE: _("Hide it, and pause posting for its author"),
        Measure.REDACT: _("Remove personal data: the rest stays"),
        Measure.WARN: _("Warn: it stays, and its author is told"),
    }[measure]


def told_words(measure: Measure, days: int | None, moderated: Moderated | None = None) -> str:
    """What the author is told happened, in a sentence."""
    if moderated is not None and measure in moderated.wording:
        return str(moderated.wording[measure].told)
    return {
        Measure.EDIT: _("We ask you to edit what you wrote. Until then, others cannot read it."),
        Measure.HIDE: _("We hid what you wrote. Others cannot read it any more."),
        Measure.KEEP: _("What you wrote stays as it is. It breaks no rule."),
        Measure.PAUSE: ngettext(
            "We hid what you wrote, and you cannot post for %(num)s day.",
            "We hid what you wrote, and you cannot post for %(num)s days.",
            days or 0,
        ),
        Measure.REDACT: _("We took personal data out of what you wrote. The rest stays."),
        Measure.WARN: _("What you wrote stays. Please do not do it again."),
    }[measure]


def verdict_words(verdict: Verdict | None) -> str:
    """«Overturned»; None: not decided yet."""
    if verdict is None:
        return _("Not decided yet")
    return {Verdict.OVERTURNED: _("Overturned"), Verdict.UPHELD: _("Upheld")}[verdict]


def verdict_told(verdict: Verdict) -> str:
    """The same, to who appealed."""
    return {
        Verdict.OVERTURNED: _("The decision was wrong, and is taken back."),
        Verdict.UPHELD: _("The decision was right: it stays."),
    }[verdict]


def filter_words(kind: Filter) -> str:
    """«A home address»."""
    return {
        Filter.ADDRESS: _("A home address"),
        Filter.APPEARANCE: _("What somebody looks like, and not what they did"),
        Filter.CONTACT: _("Somebody else's phone number or e-mail address"),
        Filter.FIRST_POST: _("A first post"),
        Filter.MUCH: _("Very much in one day"),
        Filter.NAMED: _("The name of a minor or of who suffered a crime"),
        Filter.PLATE: _("A license plate"),
        Filter.SPAM: _("Many links, or the same text again"),
    }[kind]


def filter_meaning(kind: Filter) -> str:
    """How it works, for everybody to read."""
    return {
        Filter.ADDRESS: _(
            "A house number with a street, in a sentence that speaks of a home. The address of a meeting is not held."
        ),
        Filter.APPEARANCE: _(
            "Somebody is called suspicious and described by race, and nothing says what they did. Say what the person "
            "did: that helps, and what they look like alone hurts people who did nothing."
        ),
        Filter.CONTACT: _(
            "A number or address that is neither your own nor one that the agency publishes. You are asked about your "
            "own before you post it, and nothing holds it."
        ),
        Filter.FIRST_POST: _(
            "While the agency says so, it reads the first posts of a new account before others do."
        ),
        Filter.MUCH: _(
            "So much can be written in a day before a person reads what follows. On an account's first day: "
            "%(day)s posts, %(day_begun)s of them new topics. In its first four weeks: %(weeks)s posts, "
            "%(weeks_begun)s of them new topics. Later: %(begun)s new topics, and posts in %(topics)s topics; in one "
            "topic as many as they like. Staff have no limit.",
            day=FIRST_DAY.posts,
            day_begun=FIRST_DAY.begun,
            weeks=FIRST_WEEKS.posts,
            weeks_begun=FIRST_WEEKS.begun,
            begun=LATER.begun,
            topics=LATER.topics,
        ),
        Filter.NAMED: _("A full name right beside words like “victim”, “daughter” or “9-year-old”."),
        Filter.PLATE: _(
            "Letters and figures like those of a license plate, behind the word “plate” or “tag”."
        ),
        Filter.SPAM: _(
            "Points for many links, for the same text again, and for a new account that begins with a link. Two points "
            "hold a post."
        ),
    }[kind]


def retention_words(retention: Retention) -> str:
    """«Record»."""
    return {Retention.PERSONAL_DATA: _("Personal data"), Retention.RECORD: _("Record")}[retention]


def turn_words(turn: Turn) -> str:
    """What has become of one thing of a wave."""
    return {
        Turn.HIDDEN: _("Hidden"),
        Turn.RESTORED: _("Back as it was"),
        Turn.SKIPPED: _("Left alone"),
        Turn.WAITING: _("Waits for its turn"),
    }[turn]


def hint_words(sign: Sign) -> str:
    """Why two accounts may be one person's, and why they may not."""
    return {
        Sign.MADE_TOGETHER: _(
            "The accounts were made within ten minutes of each other; neighbors often join together."
        ),
        Sign.SAME_MAILBOX: _("Mail to both goes to the same mailbox; it may be one household."),
        Sign.SAME_TEXT: _("Both posted the very same text; people also copy what they agree with."),
    }[sign]


def step_words(step: CaseStep) -> str:
    """What was done, for the timeline."""
    detail = step.detail
    if step.step is Step.HOLD:
        return _(
            "held it: %(reasons)s", reasons="; ".join(filter_words(Filter(f)) for f in detail["filters"])
        )
    if step.step is Step.REPORT:
        return _("reported it under rule %(number)s", number=detail["rule"])
    if step.step is Step.DECIDE:
        measure = measure_words(Measure(detail["measure"]))
        return _("decided under rule %(number)s: %(measure)s", number=detail["rule"], measure=measure)
    if step.step is Step.APPEAL_DECIDE:
        return _("decided the appeal: %(verdict)s", verdict=verdict_words(Verdict(detail["verdict"])))
    return {
        Step.APPEAL: _("appealed"),
        Step.APPEAL_ANSWER: _("wrote to the author about the appeal"),
        Step.DROP: _("mended it; nothing is held any more"),
        Step.EDIT: _("edited it"),
        Step.RELEASE: _("gave the case back"),
        Step.TAKE: _("took the case"),
        Step.UNDO: _("undid the wave that this was part of"),
    }[step.step]


def actor_words(step: CaseStep) -> str:
    """Who did it; readers and authors have no names here."""
    if step.step is Step.REPORT:
        return _("A reader")
    if step.step is Step.HOLD:
        return _("A filter")
    if step.actor is not None:
        return str(step.actor.name)
    if step.step in (Step.APPEAL, Step.DROP, Step.EDIT):
        return _("The author")
    return _("Somebody who has left")
