"""Who sees a concern on the desk: the rule and the statement agree for every role and state, and recusal holds."""

from __future__ import annotations

from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person, Role, Visitor
from forum.concerns.models import About, Concern, Mode
from forum.concerns.operations.recusing import recuse, screen_concern
from forum.concerns.operations.working import assign_concern
from forum.concerns.policy import can_assign, can_open_identity, can_see_identity, can_see_on_desk
from forum.concerns.queries.sight import seen_on_desk, sight_of
from forum.core.errors import Refusal
from forum.extensions import db
from tests.factories import accounts, concerns


def seen(viewer: Person | Visitor) -> set[int]:
    """The ids that the statement gives *viewer*."""
    return set(db.session.scalars(select(Concern.id).where(seen_on_desk(sight_of(viewer)))))


def allowed(viewer: Person | Visitor) -> set[int]:
    """The ids that the policy gives *viewer*."""
    sight = sight_of(viewer)
    return {found.id for found in db.session.scalars(select(Concern)) if can_see_on_desk(sight, found)}


def test_a_concern_is_listed_if_and_only_if_the_policy_lets_it_be_seen(work: Flask) -> None:
    chief = accounts.person(Role.SUPERVISOR)
    sergeant = accounts.person(Role.SUPERVISOR, answers_to_id=chief.id)
    officer = accounts.person(Role.OFFICER, answers_to_id=sergeant.id)
    rookie = accounts.person(Role.OFFICER, answers_to_id=officer.id)
    viewers = [Visitor(), chief, sergeant, officer, rookie]
    viewers += [accounts.person(role) for role in Role]
    for mode, about in product(Mode, About):
        if about is not About.TOWN and mode is Mode.PUBLIC:
            continue
        for named, screened, assigned in product((None, officer, sergeant), (False, True), (None, officer)):
            made = concerns.concern(
                mode, about=about, category="speeding" if about is About.TOWN else "officer"
            )
            if named is not None:
                recuse(actor=None, concern=made, people=[named])
            made.screened, made.assigned_to_id = screened, None if assigned is None else assigned.id
    db.session.flush()
    for viewer in viewers:
        assert seen(viewer) == allowed(viewer), viewer
    assert seen(Visitor()) == set()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER, Role.REVIEWER, Role.SUPERVISOR}))
def test_nobody_off_the_desk_sees_a_case(work: Flask, role: Role) -> None:
    concerns.concern(Mode.PUBLIC)
    assert seen(accounts.person(role)) == set()


def test_a_complaint_reaches_neither_who_is_named_nor_who_answers_to_them_nor_their_chain(
    work: Flask,
) -> None:
    chief = accounts.person(Role.SUPERVISOR)
    sergeant = accounts.person(Role.SUPERVISOR, answers_to_id=chief.id)
    deputy = accounts.person(Role.SUPERVISOR, answers_to_id=sergeant.id)
    outside, reviewer = accounts.person(Role.SUPERVISOR), accounts.person(Role.REVIEWER)
    made = concerns.concern(Mode.ANONYMOUS, about=About.COMPLAINT, category="officer")
    assert seen(reviewer) == {made.id}
    assert seen(chief) == seen(outside) == set()  # not before a reviewer has said who is named
    screen_concern(actor=reviewer, concern=made, named=[sergeant])
    assert seen(outside) == seen(reviewer) == {made.id}
    assert seen(sergeant) == seen(deputy) == seen(chief) == set()


def test_a_name_found_later_takes_the_concern_away(work: Flask) -> None:
    officer = accounts.person(Role.OFFICER)
    made = concerns.concern(Mode.PRIVATE)
    assign_concern(actor=officer, concern=made, to=officer)
    recuse(actor=accounts.person(Role.REVIEWER), concern=made, people=[officer])
    assert made.assigned_to_id is None
    assert seen(officer) == set()
    with pytest.raises(Refusal):
        assign_concern(actor=accounts.person(Role.SUPERVISOR), concern=made, to=officer)
    assert made.assigned_to_id is None


def test_recusal_outlives_a_change_of_role(work: Flask) -> None:
    officer = accounts.person(Role.OFFICER)
    made = concerns.concern(Mode.PRIVATE)
    recuse(actor=None, concern=made, people=[officer])
    officer.role = Role.REVIEWER
    db.session.flush()
    assert seen(officer) == set()


def test_a_confidential_identity_is_a_reviewers_to_open_and_nobodys_to_see(work: Flask) -> None:
    made = concerns.concern(Mode.CONFIDENTIAL, person=accounts.person())
    for role in Role:
        sight = sight_of(accounts.person(role))
        assert not can_see_identity(sight, made)
        assert can_open_identity(sight, made) == (role is Role.REVIEWER)


def test_an_officer_takes_what_is_free_and_hands_over_what_is_theirs(work: Flask) -> None:
    officer, colleague = accounts.person(Role.OFFICER), accounts.person(Role.OFFICER)
    made = concerns.concern(Mode.PRIVATE)
    assert can_assign(sight_of(officer), made)
    assign_concern(actor=officer, concern=made, to=officer)
    assert can_assign(sight_of(officer), made)
    assert not can_assign(sight_of(colleague), made)
