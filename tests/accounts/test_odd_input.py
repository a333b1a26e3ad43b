"""No input breaks the forms: whatever is sent, the answer is below 500 and says what to do."""

from __future__ import annotations

from typing import Any

import pytest

from forum.accounts.models import Role
from forum.core import limits
from tests.factories.accounts import person, sign_in, team

VISITORS = {
    "/account/sign-in": ["email", "password", "stay", "next"],
    "/account/register": ["name", "email", "password"],
    "/account/reset": ["email"],
}
MEMBERS = {
    "/account/name": ["name"],
    "/account/language": ["language"],
    "/account/password": ["password", "new_password"],
    "/account/email": ["email", "password"],
    "/account/delete": ["password"],
}
ADMINISTRATORS = {
    "/admin/people/invite": ["name", "email", "role", "title", "team_id"],
    "/admin/people/1": ["role", "title", "public_contact", "team_id", "answers_to_id"],
    "/admin/teams": ["name"],
    "/admin/teams/1": ["name"],
}
ODD: list[Any] = [
    "\x01\x1f",
    "a\x02b@example.org",
    "\ufffe\uffff",
    "\ud7ff\U0010ffff",
    "\u202eevil",
    "x" * 5000,
    "x" * 200_000,
    "1" * 400,
    "-1",
    "1e309",
    "NaN",
    "é" * 300,
    "\r\n\r\n",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "%(name)s",
    "'; DROP",
    ["a", "b"],
    "",
    " ",
    "👩‍👩‍👧" * 40,
    str(2**63),
    "a@" + "x." * 120 + "org",
    "a@\u3002example",
    "@" * 300,
    "a@xn--\u00e4",
]


def send_all(client: Any, forms: dict[str, list[str]]) -> None:
    for path, fields in forms.items():
        page = client.page(path).form(path.rsplit("/", 1)[1] if "sign-in" in path else None)
        for number, odd in enumerate(ODD):
            field = fields[number % len(fields)]
            data = {"csrf_token": page["csrf_token"], **dict.fromkeys(fields, "ordinary words"), field: odd}
            response = client.post(path, data=data)
            with client.application.app_context():
                limits.reset()
            assert response.status_code in (303, 422), (path, field, odd, response.status_code)
        response = client.post(path, data={"csrf_token": page["csrf_token"], **dict.fromkeys(fields, "\0")})
        assert response.status_code == 422, path


def test_visitors_forms(client: Any) -> None:
    send_all(client, VISITORS)


def test_members_forms(client: Any, saved: Any) -> None:
    sign_in(client, saved(person))
    send_all(client, MEMBERS)


def test_administrators_forms(client: Any, saved: Any) -> None:
    administrator = saved(lambda: (person(Role.OFFICER), team(), person(Role.ADMINISTRATOR))[2])
    sign_in(client, administrator)
    send_all(client, ADMINISTRATORS)


@pytest.mark.parametrize(
    "query", ["q=%01", "q=%ff%fe", "after=%01", "after=1&after=2", "q=" + "x" * 5000, "q=%25&after=9e9"]
)
def test_odd_searches(client: Any, saved: Any, query: str) -> None:
    sign_in(client, saved(lambda: person(Role.ADMINISTRATOR)))
    assert client.get(f"/admin/people?{query}").status_code == 200


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"a=%", b"=&=&=", b"x" * 4096])
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "x"]
)
def test_odd_bodies(client: Any, body: bytes, kind: str) -> None:
    for path in VISITORS:
        assert client.post(path, data=body, content_type=kind).status_code == 400


def test_a_nul_is_refused_wherever_it_stands_and_in_a_form_beside_its_field(client: Any) -> None:
    csrf = client.page("/account/sign-in").form("sign-in")["csrf_token"]
    assert (
        client.post("/account/sign-in", data={"csrf_token": csrf, "email": ["a", "b\0"]}).status_code == 422
    )
    assert client.get("/account/sign-in?next=a&next=%00").status_code == 400
