"""Nobody sees what is not theirs: every address, with every role's rights, against a table kept beside this file.

``FORUM_TEST_UPDATE=1 python -m pytest tests/test_access.py`` writes the table anew; read its diff as you would read
code. ``open`` is an answer of the page's own, ``hidden`` a 404, ``sign in`` the way to the door.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from werkzeug.routing import Rule

from forum.accounts.models import Role
from forum.core.headers import CROSS_SITE
from tests.conftest import BACKEND
from tests.factories.accounts import sign_in
from tests.factories.site import ROLES, Everything, everything

TABLE = Path(__file__).with_name("access_matrix.csv")
# Behind the outer gate these belong to one person, or do not exist here, or work once: for the visitor, who is tried
# first and then shown to the door.
OWN = {
    "accounts.end_session", "calendars.revoke_calendar", "concerns.act", "concerns.act_asked",
    "discussions.delete", "moderation.appeal", "moderation.case", "moderation.say",
}  # fmt: skip
# A post is changed by its author, a poll asked by who began the topic; and by those who keep order.
KEPT_IN_ORDER = {
    "discussions.edit", "discussions.new_poll", "discussions.save_edit", "discussions.save_poll",
}  # fmt: skip
KEEPERS = ("officer", "resident", "reviewer", "supervisor")
# The officer's alone: an upload, a named filter.
UPLOADED = {"events_desk.import_plan", "events_desk.carry_out", "concerns_desk.forget_filter"}
NOT_THERE = {
    "concerns.picture", "concerns_desk.picture", "discussions.edit_poll", "discussions.picture",
    "discussions.poll_why", "discussions.save_edited_poll", "discussions.why", "media.media",
    "moderation_desk.picture", "notifications.letter",
}  # fmt: skip
ONCE = {"accounts.confirm_post", "accounts.confirm_email_post"}
LAST = ("accounts.delete", "accounts.end_other_sessions", "accounts.sign_out")
FORM = {
    True: "/account/name",
    False: "/account/reset",
}  # a page with a form, for who is signed in and who is not
FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.example"},
)
FAULTS = (None, "", "x" * 40, "IjEyMyI.aaaa.bbbb")
SPELLINGS = (
    "{}/", "/{}", "//{}", "{}//", "{}/.", "/.{}", "/events/..{}", "{}%20", "{}%00", "{};x", "{}?x", "{}.json", "{}%2f",
    "/%2e%2e{}", "/%5c{}",
)  # fmt: skip
DECEIT = (
    {"X-Original-URL": "/events", "X-Rewrite-URL": "/events"},
    {"X-Forwarded-For": "127.0.0.1", "X-Role": "administrator"},
)


@pytest.fixture
def site(app: Flask, saved: Callable[[Callable[[], Any]], Any]) -> Everything:
    made: Everything = saved(everything)
    return made


def test_every_address_answers_every_role_as_the_table_says(app: Flask, site: Everything) -> None:
    """On PostgreSQL one of every three roles at each address, another at the next: it is policy that answers."""
    turns = 1 if BACKEND == "sqlite" else 3
    seen = observed(app, site, turns)
    if os.environ.get("FORUM_TEST_UPDATE") and turns == 1:
        TABLE.write_text(as_table(seen))
    stated = {at: {role: row[role] for role in seen.get(at, ())} for at, row in in_table().items()}
    assert seen == stated


def in_table() -> dict[tuple[str, str], dict[str, str]]:
    rows = csv.DictReader(TABLE.read_text().splitlines())
    return {(row["method"], row["address"]): row for row in rows}


def test_the_table_agrees_with_what_views_state(app: Flask) -> None:
    rows = in_table()
    cells = addresses(app)
    assert rows.keys() == {(method, rule.rule) for method, rule in cells}
    wrong = [
        f"{method} {rule.rule} as {role}: {rows[method, rule.rule][role]}"
        for method, rule in cells
        for role in ROLES
        if rows[method, rule.rule][role] != expected(app, rule, role)
    ]
    assert wrong == []


def test_no_form_is_taken_without_its_token_or_from_another_site(app: Flask, site: Everything) -> None:
    taken = []
    for role in ("visitor", "administrator"):
        client, token = browser(app, site, role)
        for rule in posts(app):
            path = site.address(rule, app)
            for fault in FAULTS:
                data = {} if fault is None else {"csrf_token": fault}
                if client.post(path, data=data).status_code != 400:
                    taken.append(f"{role} {path} with {fault!r}")
            for headers in FOREIGN:
                if client.post(path, data={"csrf_token": token}, headers=headers).status_code != 400:
                    taken.append(f"{role} {path} from {headers}")
    assert taken == []


def test_a_token_of_another_session_is_refused(app: Flask, site: Everything) -> None:
    _, foreign = browser(app, site, "supervisor")
    client, _ = browser(app, site, "administrator")
    statuses = {
        rule.rule: client.post(site.address(rule, app), data={"csrf_token": foreign}).status_code
        for rule in posts(app)
    }
    assert {path: status for path, status in statuses.items() if status != 400} == {}


@pytest.mark.parametrize("role", ("visitor", "resident"))
def test_no_spelling_of_an_address_opens_it(app: Flask, site: Everything, role: str) -> None:
    client, _ = browser(app, site, role)
    client.lint = False
    denied = ["/desk", "/admin/people", "/admin/audit", f"/desk/events/{site.values['event_id']}"]
    for address in denied:
        for spelling in SPELLINGS:
            path, _, query = spelling.format(address).partition("?")
            # As it comes over the wire: the test client would take what follows two slashes for a host.
            environ = {"PATH_INFO": unquote(path), "QUERY_STRING": query}
            for headers in DECEIT:
                answer = client.get("/", environ_overrides=environ, headers=headers, follow_redirects=True)
                at_the_door = answer.request.path == "/account/sign-in" and role == "visitor"
                assert answer.status_code in (400, 404) or at_the_door, spelling.format(address)


@pytest.mark.parametrize("change", (-2, -1, 1, 2))
def test_ids_next_to_ones_own_open_nothing(app: Flask, site: Everything, change: int) -> None:
    client, token = browser(app, site, "other resident")
    for path in ("/account/calendars/{}/revoke", "/account/sessions/{}/end"):
        name = "session_id" if "sessions" in path else "token_id"
        answer = client.post(path.format(site.values[name] + change), data={"csrf_token": token})
        own = name == "session_id" and answer.status_code == 303  # the session this very browser has
        assert own or answer.status_code == 404


def observed(app: Flask, site: Everything, turns: int) -> dict[tuple[str, str], dict[str, str]]:
    """What each address answers to a visitor and every role, or each *turns*-th. Reading first: what is sent changes
    things."""
    answers: dict[tuple[str, str], dict[str, str]] = {}
    cells = sorted(addresses(app), key=lambda cell: (cell[0], cell[1].endpoint in LAST))
    for place, (method, rule) in enumerate(cells):
        path = site.address(rule, app)
        roles = ROLES[0], *ROLES[1:][place % turns :: turns]  # the visitor first: some work once
        answers[method, rule.rule] = {role: cell(app, site, role, method, path) for role in roles}
    return answers


def as_table(answers: dict[tuple[str, str], dict[str, str]]) -> str:
    """The matrix as CSV."""
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\n")
    sheet.writerow(["method", "address", *ROLES])
    for (method, address), row in sorted(answers.items(), key=lambda item: (item[0][1], item[0][0])):
        sheet.writerow([method, address, *row.values()])
    return out.getvalue()


def cell(app: Flask, site: Everything, role: str, method: str, path: str) -> str:
    client, token = browser(app, site, role, fresh=method == "POST" and path.startswith("/account"))
    answer = client.get(path) if method == "GET" else client.post(path, data={"csrf_token": token})
    if answer.status_code == 404:
        return "hidden"
    if answer.status_code in (302, 303) and "/account/sign-in" in answer.headers["Location"]:
        return "sign in"
    if answer.status_code == 400 and role == "visitor" and "/account/sign-in" in answer.text:
        return "sign in"  # what was typed by who was signed out meanwhile is shown to them
    assert answer.status_code in (200, 204, 301, 303, 304, 422), (
        f"{answer.status_code} {role} {method} {path}"
    )
    return "open"


def expected(app: Flask, rule: Rule, role: str) -> str:
    """What the audience that the view states means for *role*."""
    view: Any = app.view_functions[rule.endpoint]
    if view.audience in ("signed_in", "staff") and role == "visitor":
        return "sign in"
    if view.audience == "staff" and (role not in list(Role) or Role(role) not in view.roles):
        return "hidden"
    if rule.endpoint in UPLOADED and role not in ("visitor", "officer"):
        return "hidden"
    if rule.endpoint in NOT_THERE or (rule.endpoint in OWN and role != "resident"):
        return "hidden"
    if rule.endpoint in KEPT_IN_ORDER and role not in KEEPERS:
        return "hidden"
    if rule.endpoint in ONCE:
        return "sign in" if role == "visitor" else "hidden"
    return "open"


def addresses(app: Flask) -> list[tuple[str, Rule]]:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return [(method, rule) for rule in rules for method in ("GET", "POST") if method in (rule.methods or ())]


def posts(app: Flask) -> list[Rule]:
    """Every address that takes a form, but those marked for other sites' software."""
    return [
        rule
        for method, rule in addresses(app)
        if method == "POST" and not getattr(app.view_functions[rule.endpoint], CROSS_SITE, False)
    ]


def browser(app: Flask, site: Everything, role: str, *, fresh: bool = False) -> tuple[Any, str]:
    """The browser of *role* (*fresh*: a new one, since what was sent ended the session) and the token of its forms."""
    if fresh or role not in site.browsers:
        client: Any = app.test_client()
        if role != "visitor":
            sign_in(client, site.people[role])
        site.browsers[role] = client, client.page(FORM[role != "visitor"]).form()["csrf_token"]
        client.lint = False  # every page is linted by the tests of its slice
    return site.browsers[role]
