"""What administrators do with people and teams."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.accounts import queries
from forum.accounts.models import Person, Role, Team, Visitor
from forum.accounts.operations.people import edit_person, invite_again, invite_person, suspend_person
from forum.accounts.operations.teams import add_team, delete_team, rename_team
from forum.audit.models import Entry
from forum.core.errors import Refusal
from forum.extensions import db
from tests.accounts.mailbox import mail_to, path_in
from tests.factories.accounts import person, sign_in, team

OTHERS = [role for role in Role if role is not Role.ADMINISTRATOR]
PAGES = ["/admin/people", "/admin/people/invite", "/admin/people/1", "/admin/teams", "/admin/teams/1"]


def acts(app: Flask) -> list[tuple[str, dict[str, Any]]]:
    with app.app_context():
        return [
            (entry.act, entry.detail) for entry in db.session.scalars(sa.select(Entry).order_by(Entry.id))
        ]


def kept(someone: Person, **changes: Any) -> dict[str, Any]:
    names = ("role", "title", "public_contact", "team_id", "answers_to_id")
    return {name: getattr(someone, name) for name in names} | changes


@pytest.mark.parametrize("role", OTHERS)
def test_people_and_teams_do_not_exist_for_any_other_role(client: Any, saved: Any, role: Role) -> None:
    saved(team)
    sign_in(client, saved(lambda: person(role)))
    assert [client.get(page).status_code for page in PAGES] == [404] * len(PAGES)
    csrf = client.page("/account").form("sign-out")["csrf_token"]
    for page in [
        *PAGES[1:],
        "/admin/people/1/suspend",
        "/admin/people/1/restore",
        "/admin/people/1/invite",
        "/admin/teams/1/delete",
    ]:
        fields = {"csrf_token": csrf, "role": "administrator", "name": "x", "email": "x@example.org"}
        assert client.post(page, data=fields).status_code == 404


def test_an_invited_officer_chooses_a_password_and_comes_in(app: Flask, client: Any, saved: Any) -> None:
    unit = saved(team)
    sign_in(client, saved(lambda: person(Role.ADMINISTRATOR)))
    fields = {
        "name": "Sam Reyes",
        "email": "sam@example.org",
        "role": "officer",
        "title": "Beat officer",
        "team_id": str(unit.id),
    }
    assert client.send("/admin/people/invite", fields, form="/invite").status_code == 303
    (message,) = mail_to(app, "sam@example.org")
    officer = app.test_client()
    assert officer.send(path_in(message), {"password": "seven green bottles"}).status_code == 303
    page = officer.page("/account").text()
    assert "Officer" in page
    assert "Beat officer" in page
    assert acts(app)[0] == ("account.person.invite", {"role": "officer"})


def test_nobody_is_invited_twice_and_residents_not_at_all(client: Any, saved: Any) -> None:
    known = saved(person)
    sign_in(client, saved(lambda: person(Role.ADMINISTRATOR)))
    fields = {"name": "Sam", "email": known.email.upper(), "role": "officer"}
    response = client.send("/admin/people/invite", fields, form="/invite")
    assert response.status_code == 422
    assert "has an account already" in response.get_data(as_text=True)
    fields = {"name": "Sam", "email": "sam@example.org", "role": "resident"}
    assert client.send("/admin/people/invite", fields, form="/invite").status_code == 422


def test_a_second_invitation_replaces_the_first(app: Flask, client: Any, saved: Any) -> None:
    officer = saved(lambda: person(Role.OFFICER, confirmed_at=None, password_hash=None))
    sign_in(client, saved(lambda: person(Role.ADMINISTRATOR)))
    for _ in range(2):
        assert client.send(f"/admin/people/{officer.id}", form=f"/{officer.id}/invite").status_code == 303
        mail_to(app, officer.email)
    first, second = map(path_in, mail_to(app, officer.email))
    assert app.test_client().get(first).status_code == 404
    assert app.test_client().get(second).status_code == 200


def test_role_team_title_contact_and_superior_are_set_and_on_record(
    app: Flask, client: Any, saved: Any
) -> None:
    unit, officer, chief = (
        saved(team),
        saved(lambda: person(Role.OFFICER)),
        saved(lambda: person(Role.SUPERVISOR)),
    )
    sign_in(client, saved(lambda: person(Role.ADMINISTRATOR)))
    fields = {
        "role": "reviewer",
        "title": "Clerk",
        "public_contact": "555-0100",
        "team_id": str(unit.id),
        "answers_to_id": str(chief.id),
    }
    assert client.send(f"/admin/people/{officer.id}", fields, form=f"/people/{officer.id}").status_code == 303
    with app.app_context():
        found = db.session.get_one(Person, officer.id)
        seen = {name: getattr(found, name) for name in fields}
        assert seen == {**fields, "team_id": unit.id, "answers_to_id": chief.id}
    assert acts(app) == [
        ("account.role.change", {"before": "officer", "after": "reviewer"}),
        ("account.team.change", {"before": None, "after": unit.id}),
        ("account.superior.change", {"before": None, "after": chief.id}),
        ("account.person.edit", {}),
    ]


def test_nobody_answers_to_himself_in_any_number_of_steps(work: Flask) -> None:
    administrator = person(Role.ADMINISTRATOR)
    top = person(Role.SUPERVISOR)
    middle = person(Role.SUPERVISOR, answers_to_id=top.id)
    bottom = person(Role.OFFICER, answers_to_id=middle.id)
    for superior in (top, middle, bottom):
        with pytest.raises(Refusal):
            edit_person(actor=administrator, person=top, **kept(top, answers_to_id=superior.id))
    edit_person(actor=administrator, person=bottom, **kept(bottom, answers_to_id=top.id))
    assert queries.answers_to(bottom, top)
    assert not queries.answers_to(bottom, middle)


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.PARTNER])
def test_nobody_answers_to_somebody_outside_the_agency(work: Flask, role: Role) -> None:
    administrator, officer, outsider = person(Role.ADMINISTRATOR), person(Role.OFFICER), person(role)
    with pytest.raises(Refusal):
        edit_person(actor=administrator, person=officer, **kept(officer, answers_to_id=outsider.id))


def test_a_long_chain_is_followed_to_its_top_and_a_circle_ends(work: Flask) -> None:
    chain = [person(Role.OFFICER)]
    for _ in range(12):
        chain.append(person(Role.SUPERVISOR))
        chain[-2].answers_to_id = chain[-1].id
    db.session.flush()
    assert all(queries.answers_to(chain[0], superior) for superior in chain[1:])
    assert not any(queries.answers_to(superior, chain[0]) for superior in chain)
    chain[-1].answers_to_id = chain[0].id
    db.session.flush()
    assert queries.answers_to(chain[0], chain[-1])


def test_an_administrator_cannot_change_or_suspend_himself(app: Flask, client: Any, saved: Any) -> None:
    me = saved(lambda: person(Role.ADMINISTRATOR))
    saved(lambda: person(Role.ADMINISTRATOR))
    sign_in(client, me)
    page = client.page(f"/admin/people/{me.id}")
    fields = page.form(f"/people/{me.id}")
    assert "role" not in fields
    client.post(f"/admin/people/{me.id}", data={**fields, "role": "resident"})
    assert (
        client.post(f"/admin/people/{me.id}/suspend", data={"csrf_token": fields["csrf_token"]}).status_code
        == 422
    )
    with app.app_context():
        found = db.session.get_one(Person, me.id)
        assert (found.role, found.suspended_at) == (Role.ADMINISTRATOR, None)


def test_the_last_administrator_stays_one(work: Flask) -> None:
    first, second = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    person(Role.ADMINISTRATOR, confirmed_at=None)
    suspend_person(actor=first, person=second)
    with pytest.raises(Refusal):
        edit_person(actor=second, person=first, **kept(first, role=Role.OFFICER))


def test_an_operation_refuses_who_is_not_an_administrator(work: Flask) -> None:
    officer, resident, unit = person(Role.OFFICER), person(), team()
    attempts = [
        lambda: edit_person(actor=officer, person=resident, **kept(resident, role=Role.ADMINISTRATOR)),
        lambda: invite_person(actor=officer, name="x", email="x@example.org", role=Role.OFFICER),
        lambda: invite_again(actor=officer, person=resident),
        lambda: suspend_person(actor=officer, person=resident),
        lambda: add_team(actor=officer, name="x"),
        lambda: rename_team(actor=officer, team=unit, name="x"),
        lambda: delete_team(actor=officer, team=unit),
    ]
    for attempt in attempts:
        with pytest.raises(Refusal):
            attempt()


def test_who_has_not_confirmed_gets_no_staff_role(work: Flask) -> None:
    administrator, waiting = person(Role.ADMINISTRATOR), person(confirmed_at=None)
    with pytest.raises(Refusal):
        edit_person(actor=administrator, person=waiting, **kept(waiting, role=Role.OFFICER))


def test_people_are_found_by_part_of_name_or_address(client: Any, saved: Any) -> None:
    saved(lambda: person(name="Ana López", email="ana@example.org"))
    saved(lambda: person(name="Bo 100%_Chen", email="bo@example.net"))
    sign_in(client, saved(lambda: person(Role.ADMINISTRATOR, name="Zed")))
    searches = {
        "ana": {"Ana"},
        "EXAMPLE.NET": {"Bo"},
        "%": {"Bo"},
        "_": {"Bo"},
        "chen bo": {"Bo"},
        "nobody here": set(),
        "": {"Ana", "Bo", "Zed"},
    }
    for words, expected in searches.items():
        text = client.get("/admin/people", query_string={"q": words}).get_data(as_text=True)
        table = text.partition("<tbody>")[2]
        assert {name for name in ("Ana", "Bo", "Zed") if name in table} == expected, words


def test_a_long_list_is_paged_without_gaps_and_with_as_many_queries(
    app: Flask, client: Any, saved: Any
) -> None:
    saved(lambda: [person(name=f"Same Name {number // 3}") for number in range(120)])
    sign_in(client, saved(lambda: person(Role.ADMINISTRATOR)))
    path: str | None = "/admin/people"
    seen: list[str] = []
    while path:
        page = client.page(path)
        seen += [link for link in page.links() if link.rsplit("/", 1)[-1].isdigit()]
        path = next((a.get("href") for a in page.all("a") if a.get("rel") == "next"), None)
    assert len(seen) == len(set(seen)) == 121
    for odd in ("x", "-1", str(2**70), "0"):
        assert client.get(f"/admin/people?after={odd}").status_code == 200


def test_only_administrators_get_rows_from_the_list(work: Flask) -> None:
    person()
    for viewer in [Visitor(), *(person(role) for role in OTHERS)]:
        assert db.session.scalars(queries.people_listed(viewer)).all() == []


def test_teams_are_added_renamed_and_removed(app: Flask, client: Any, saved: Any) -> None:
    sign_in(client, saved(lambda: person(Role.ADMINISTRATOR)))
    assert client.send("/admin/teams", {"name": "Night watch"}, form="/teams").status_code == 303
    assert client.send("/admin/teams", {"name": "night WATCH"}, form="/teams").status_code == 422
    with app.app_context():
        number = db.session.scalars(sa.select(Team.id)).one()
    officer = saved(lambda: person(Role.OFFICER, team_id=number))
    assert (
        client.send(f"/admin/teams/{number}", {"name": "Day watch"}, form=f"/teams/{number}").status_code
        == 303
    )
    assert client.send(f"/admin/teams/{number}", form="/delete").status_code == 303
    with app.app_context():
        assert db.session.get_one(Person, officer.id).team_id is None
    assert [act for act, _ in acts(app)] == ["account.team.add", "account.team.rename", "account.team.delete"]


@pytest.mark.parametrize("number", [0, 999_999, 2**31, 2**63, 10**30])
def test_people_and_teams_that_are_not_there_answer_404(client: Any, saved: Any, number: int) -> None:
    sign_in(client, saved(lambda: person(Role.ADMINISTRATOR)))
    assert client.get(f"/admin/people/{number}").status_code == 404
    assert client.get(f"/admin/teams/{number}").status_code == 404
