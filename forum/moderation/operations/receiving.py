"""A new or edited thing comes in: filters look, and may hold it for a person. They decide nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from forum.accounts.models import Person
from forum.audit.operations import record
from forum.core import clock
from forum.core.current import this_app
from forum.core.transactions import operation
from forum.extensions import db
from forum.moderation import registry
from forum.moderation.filters import NOTHING, Filter, Finding, Lately, check, own_contacts
from forum.moderation.models import Case, CaseFinding, CaseState, Measure, Setting, Step
from forum.moderation.operations.keeping import case_for, note
from forum.moderation.pace import Pace, is_much
from forum.moderation.queries import cases
from forum.moderation.queries.setting import setting
from forum.moderation.registry import Moderated, Shown, Thing
from forum.moderation.vocabulary import ModerationAct

UNHURRIED = Pace()


@dataclass(frozen=True)
class Held:
    """It waits for a person: the code of its author's page, why, and how many hours that usually takes at most."""

    code: str
    reasons: tuple[Filter, ...]
    wait_hours: int


@operation
def receive(
    *,
    kind: str,
    thing_id: int,
    author: Person | None,
    posts_before: int | Callable[[], int] = 0,
    lately: Callable[[str], Lately] = lambda _words: NOTHING,
    pace: Callable[[Lately], Pace] = lambda _lately: UNHURRIED,
    edited: bool = False,
    thing: Thing | None = None,
    choices: Setting | None = None,
) -> Held | None:
    """Look at a thing that was just written, or (*edited*) changed by its author; None: others may read it.

    *posts_before*: how many of the author's things others have read, asked only while the agency reads first posts;
    *thing*: it, and the agency's *choices*, where they are at hand; *lately*: asked with the thing's words, what its
    author wrote in the last hours, without this one; *pace*: asked with that, how much it is within a day, with this
    one. Called by the slice that has the thing, inside its own operation, after the thing is flushed.
    """
    moderated = registry.kinds[kind]
    thing = thing or moderated.load(thing_id)
    assert thing is not None
    choices = choices or db.session.scalars(setting()).one()
    words = thing.all_words
    known = lately(words)
    found = findings_in(words, author, known)
    if author is not None and not author.is_staff and _is_new(posts_before, choices):
        found.append(Finding(Filter.FIRST_POST, 0, 0, ""))
    if author is not None and not author.is_staff and is_much(clock.now() - author.created_at, pace(known)):
        found.append(Finding(Filter.MUCH, 0, 0, ""))
    if found:
        return _hold(moderated, thing, found, choices)
    return _mended(moderated, thing, choices) if edited else None


def _is_new(posts_before: int | Callable[[], int], choices: Setting) -> bool:
    """Whether the agency still reads this author's posts first."""
    if not choices.first_posts:
        return False
    return (posts_before() if callable(posts_before) else posts_before) < choices.first_posts


def findings_in(text: str, author: Person | None, lately: Lately = NOTHING) -> list[Finding]:
    """What filters find in *text*; for the gentle question before something is sent, too."""
    age = clock.now() - author.created_at if author is not None else None
    return check(text, account_age=age, lately=lately, known=_published())


def own_contacts_in(text: str) -> list[Finding]:
    """The author's own numbers and addresses in *text*: for the gentle question alone."""
    return own_contacts(text, known=_published())


def _published() -> tuple[str, str, str]:
    config = this_app().config["FORUM"]
    return config.agency_phone, config.agency_contact, config.agency_tip_line


def _hold(moderated: Moderated, thing: Thing, found: Sequence[Finding], choices: Setting) -> Held:
    again = thing.shown is Shown.GIVEN_BACK and not _is_filters_alone(_newest_of(thing))
    case = case_for(thing, held=True)
    if again:  # a person had asked for the edit, so a person looks at it, whatever filters find in the end
        note(case, Step.EDIT)
    db.session.execute(
        sa.delete(CaseFinding).where(CaseFinding.case_id == case.id)
    )  # places in an older text
    db.session.add_all(
        CaseFinding(case_id=case.id, filter=each.kind, start=each.start, end=each.end) for each in found
    )
    moderated.hold(thing.id)
    reasons = tuple(sorted({each.kind for each in found}))
    note(case, Step.HOLD, filters=[str(reason) for reason in reasons])
    record(actor=None, act=ModerationAct.CASE_HOLD, subject=case, filters=[str(reason) for reason in reasons])
    return Held(case.code, reasons, choices.wait_hours)


def _mended(moderated: Moderated, thing: Thing, choices: Setting) -> Held | None:
    """An edit in which filters find nothing: what only they had held is shown; a person looks at the rest."""
    case = db.session.scalars(cases.open_of(thing.kind, thing.id).with_for_update(of=Case)).one_or_none()
    if case is not None:
        if _is_filters_alone(case) and thing.shown is Shown.HELD:
            case.state = CaseState.DROPPED
            moderated.show(thing.id)
            note(case, Step.DROP)
            record(actor=None, act=ModerationAct.CASE_DROP, subject=case)
            return None
        note(case, Step.EDIT)
        return Held(case.code, (), choices.wait_hours) if thing.shown is Shown.HELD else None
    if thing.shown is not Shown.GIVEN_BACK:
        return None
    return _come_back(moderated, thing, choices)


def _come_back(moderated: Moderated, thing: Thing, choices: Setting) -> Held | None:
    """The author has edited what was given back."""
    before = _newest_of(thing)
    decision = db.session.scalars(cases.decision_of(before.id)).one()
    if decision.measure is not Measure.EDIT:
        raise LookupError(f"case {before.code} did not ask for this edit")
    if _is_filters_alone(before):
        moderated.show(thing.id)
        note(before, Step.EDIT)
        return None
    moderated.hold(thing.id)
    case = case_for(thing, held=False)
    note(case, Step.EDIT)
    return Held(case.code, (), choices.wait_hours)


def _newest_of(thing: Thing) -> Case:
    return db.session.scalars(cases.all_of(thing.kind, thing.id).limit(1)).one()


def _is_filters_alone(case: Case) -> bool:
    """Whether a filter held it and nothing else: nobody reported it, and no decision had asked for the edit."""
    asked = any(step.step is Step.EDIT for step in db.session.scalars(cases.steps_of(case.id)))
    found = db.session.scalars(cases.findings_of(case.id)).first()
    return found is not None and not asked and db.session.scalars(cases.reports_of(case.id)).first() is None
