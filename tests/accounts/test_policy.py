"""Who may do what with accounts, as truth tables."""

from __future__ import annotations

import pytest

from forum.accounts import policy
from forum.accounts.models import Person, Role, Session, Visitor
from forum.core import clock

pytestmark = pytest.mark.once

ROLES = list(Role)


@pytest.mark.parametrize("role", ROLES)
def test_only_administrators_manage_people(role: Role) -> None:
    assert policy.can_manage_people(Person(id=1, role=role)) == (role is Role.ADMINISTRATOR)


def test_a_visitor_and_an_unknown_role_may_nothing() -> None:
    for viewer in (Visitor(), Person(id=1, role=None)):
        assert not policy.can_manage_people(viewer)
        assert not policy.can_change_standing(viewer, Person(id=2, role=Role.RESIDENT))
    assert not policy.can_end_session(Visitor(), Session(id=1, person_id=1))
    assert not Visitor().is_staff
    assert not Visitor().is_authenticated


@pytest.mark.parametrize("role", ROLES)
def test_a_session_is_its_owners_to_end_whatever_the_role(role: Role) -> None:
    session = Session(id=9, person_id=1)
    assert policy.can_end_session(Person(id=1, role=role), session)
    assert not policy.can_end_session(Person(id=2, role=role), session)


@pytest.mark.parametrize("role", ROLES)
def test_standing_is_changed_by_another_administrator_only(role: Role) -> None:
    viewer = Person(id=1, role=role)
    allowed = role is Role.ADMINISTRATOR
    assert policy.can_change_standing(viewer, Person(id=2, role=Role.OFFICER)) == allowed
    assert not policy.can_change_standing(viewer, viewer)
    assert not policy.can_change_standing(viewer, Person(id=3, role=Role.RESIDENT, erased_at=clock.now()))


@pytest.mark.parametrize("role", ROLES)
def test_residents_and_partners_do_not_work_for_the_agency(role: Role) -> None:
    expected = role not in (Role.RESIDENT, Role.PARTNER)
    assert policy.can_work_for_agency(Person(id=1, role=role)) == expected
    assert not policy.can_work_for_agency(Person(id=1, role=role, suspended_at=clock.now()))
    assert not policy.can_work_for_agency(Person(id=1, role=role, erased_at=clock.now()))
