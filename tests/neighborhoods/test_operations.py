"""Following, beats, and who is shown as serving an area."""

import pytest
import sqlalchemy as sa

from forum.accounts.models import Person, Role
from forum.core import clock
from forum.core.errors import Refusal
from forum.extensions import db
from forum.neighborhoods import policy, queries
from forum.neighborhoods.models import Beat, Follow
from forum.neighborhoods.operations import follow, remove_beat, set_beat, unfollow
from tests.factories import accounts, neighborhoods

pytestmark = pytest.mark.usefixtures("work")


def names(select: sa.Select[Person]) -> list[str]:
    return [person.name for person in db.session.scalars(select)]


def test_following_twice_is_following_once() -> None:
    resident, area = accounts.person(), neighborhoods.neighborhood()
    follow(actor=resident, neighborhoods=[area, area])
    follow(actor=resident, neighborhoods=[area])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Follow)) == 1
    assert list(db.session.scalars(queries.followed_by(resident))) == [area]


def test_unfollowing_ends_it_and_may_be_repeated() -> None:
    resident, area = accounts.person(), neighborhoods.neighborhood()
    follow(actor=resident, neighborhoods=[area])
    unfollow(actor=resident, neighborhood=area)
    unfollow(actor=resident, neighborhood=area)
    assert list(db.session.scalars(queries.followed_by(resident))) == []


def test_a_beat_serves_exactly_what_was_set() -> None:
    admin, officer = accounts.person(Role.ADMINISTRATOR), accounts.person(Role.OFFICER)
    one, two = neighborhoods.neighborhood("One"), neighborhoods.neighborhood("Two")
    beat = set_beat(actor=admin, code="1433", neighborhood_ids=[one.id], officer_ids=[officer.id])
    set_beat(actor=admin, beat=beat, code="1434", neighborhood_ids=[two.id], officer_ids=[])
    assert (beat.code, beat.neighborhoods, beat.officers) == ("1434", [two], [])
    remove_beat(actor=admin, beat=beat)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Beat)) == 0


@pytest.mark.parametrize("code", ("", "1433", "a1"))
def test_a_beat_needs_a_code_of_its_own(code: str) -> None:
    neighborhoods.beat("1433")
    neighborhoods.beat("A1")
    with pytest.raises(Refusal) as refusal:
        set_beat(actor=None, code=code)
    assert refusal.value.field == "code"


def test_only_an_administrator_changes_beats() -> None:
    beat = neighborhoods.beat()
    for role in Role:
        actor = accounts.person(role)
        if role is Role.ADMINISTRATOR:
            assert policy.can_manage_beats(actor)
            continue
        assert not policy.can_manage_beats(actor)
        with pytest.raises(Refusal):
            set_beat(actor=actor, beat=beat, code="X")
        with pytest.raises(Refusal):
            remove_beat(actor=actor, beat=beat)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("state", ("active", "unconfirmed", "suspended", "erased"))
def test_an_officer_is_listed_if_and_only_if_they_can_serve(role: Role, state: str) -> None:
    columns = {
        "active": {}, "unconfirmed": {"confirmed_at": None},
        "suspended": {"suspended_at": clock.now()}, "erased": {"erased_at": clock.now()},
    }[state]  # fmt: skip
    someone, area = accounts.person(role, **columns), neighborhoods.neighborhood()
    neighborhoods.beat(neighborhoods=[area], officers=[someone])
    shown = list(db.session.scalars(queries.officers_of(area.id))) == [someone]
    offered = list(db.session.scalars(queries.possible_officers())) == [someone]
    assert (
        shown
        == offered
        == policy.can_serve_beat(someone)
        == (state == "active" and role in (Role.OFFICER, Role.SUPERVISOR))
    )


def test_whoever_cannot_serve_is_refused() -> None:
    with pytest.raises(Refusal, match="cannot serve"):
        set_beat(actor=None, code="1", officer_ids=[accounts.person().id])


def test_an_officer_of_two_beats_is_listed_once_and_by_name() -> None:
    area = neighborhoods.neighborhood()
    zoe = accounts.person(Role.OFFICER, name="Zoe")
    abe = accounts.person(Role.SUPERVISOR, name="Abe")
    neighborhoods.beat(neighborhoods=[area], officers=[zoe])
    neighborhoods.beat(neighborhoods=[area], officers=[zoe, abe])
    neighborhoods.beat(neighborhoods=[neighborhoods.neighborhood()], officers=[accounts.person(Role.OFFICER)])
    assert names(queries.officers_of(area.id)) == ["Abe", "Zoe"]


def test_areas_are_listed_from_a_to_z_whatever_the_case() -> None:
    for name in ("west loop", "Avondale", "Zion", "bucktown"):
        neighborhoods.neighborhood(name)
    assert [name for _, name in queries.neighborhood_options()] == [
        "Avondale",
        "bucktown",
        "west loop",
        "Zion",
    ]
    assert [name for _, name in queries.neighborhood_choices()] == [
        "Avondale",
        "bucktown",
        "west loop",
        "Zion",
    ]


def test_a_point_is_found_in_its_area_and_nowhere_outside() -> None:
    west = neighborhoods.neighborhood("West", west=-87.70)
    east = neighborhoods.neighborhood("East", west=-87.68)
    assert queries.at_point(41.91, -87.69) == [west]
    assert queries.at_point(41.91, -87.67) == [east]
    assert queries.at_point(41.99, -87.67) == []
    assert queries.at_point(-87.67, 41.91) == []
