"""No input breaks a page: whatever arrives, the answer is the page, or says in words what to do and offers a link."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests.factories.accounts import sign_in
from tests.factories.site import Everything, everything
from tests.pages import Page

HUGE = "9" * 40
# What a form or an address may carry. Bytes that are no UTF-8 arrive percent-encoded, as a client sends them.
VALUES = (
    "%00", "a%00b", "%ff%fe", "%c3%28", "%ed%a0%80", "%f0%9f%92%a9", "%0d%0aSet-Cookie:%20x=1", "%e2%80%ae%e2%81%a6",
    "-1", "0", "2147483648", "9223372036854775808", HUGE, "1e309", "NaN", "0x1F", "%2b1", "%d9%a1%d9%a2",
    "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-03-08", "2026-11-01", "2026-W01-1",
    "0000-00", "9999-13", "9999-12", "2026-13", "24:61", "%20", "", "'", "%22%3e%3csvg%20onload=alert(1)%3e",
    "{{7*7}}", "${7*7}", "../../etc/passwd", "%2e%2e%2f", "(select%201)", "%25s%25d%25n", "[]", "{}", "true", "null",
)  # fmt: skip
NAMES = ("from", "to", "neighborhood", "kind", "q", "month", "page", "after", "past", "status", "next", "lang", "point",
         "lat", "lon", "occasion", "view", "date", "act")  # fmt: skip
IDS = ("0", "-1", "2147483648", "9223372036854775808", HUGE, "1%00", "%ff", "1e5", "x", "")
DAYS = ("0000-01-01", "0001-01-01", "9999-12-31", "2026-02-30", "20261201", "2026-W10-2", "%00", "today")
METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW")
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", b'{"a": [[[['),
    ("application/json", b"[" * 50_000),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nnever ends"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--x--"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfea\x00=\x00b\x00"),
    ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % number for number in range(5_000))),
    ("text/xml", b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"),
    ("", b"\x00" * 1000),
)  # fmt: skip
HEADERS: tuple[dict[str, str], ...] = (
    {"Accept-Language": "x" * 5_000},
    {"Accept-Language": "en;q=nan,es;q=-1,*;q=1e999,,;;"},
    {"Cookie": "session=" + "A" * 4_000},
    {"Cookie": "lang=../../x; follows=\x01%00,,; session=.eJw; =; ;"},
    {"If-None-Match": '"' * 500, "If-Modified-Since": "Thu, 99 Foo 9999 99:99:99 GMT"},
    {"Range": "bytes=0-,-1,5-2", "Accept": "*/*;q=nan"},
    {"X-Forwarded-For": "::1%eth0, 999.1.1.1", "X-Forwarded-Proto": "gopher"},
    {"Referer": "javascript:alert(1)", "User-Agent": "\x7f" * 2_000},
    {"Accept-Encoding": "gzip;q=nope, br;q=2, zstd, identity;q=0, *;q=0"},
    {"Content-Length": "0", "Expect": "100-continue", "Upgrade": "websocket"},
)
FORMS = (
    "/account/register", "/account/sign-in", "/account/reset", "/account/name", "/account/email", "/account/language",
    "/account/calendars", "/desk/events/new", "/admin/kinds/new", "/admin/people/invite", "/admin/teams",
    "/admin/neighborhoods/beats/new",
)  # fmt: skip


class Attacker:
    """Sends what no browser would, and judges each answer."""

    def __init__(self, client: Any) -> None:
        self.client, self.sent, self.faults = client, 0, list[str]()

    def send(self, method: str, path: str, **rest: Any) -> int:
        self.sent += 1
        self.client.lint = False
        answer = self.client.open(path, method=method, **rest)
        words = answer.get_data(as_text=True) if answer.status_code >= 400 else ""
        what = f"{answer.status_code} for {method} {path[:120]} {str(rest)[:120]}"
        if answer.status_code >= 500:
            self.faults.append(what)
        elif answer.status_code >= 400 and method != "HEAD":
            self.faults += [f"{fault}: {what}" for fault in unhelpful(words)]
        return int(answer.status_code)


def unhelpful(words: str) -> Iterator[str]:
    """What an error page lacks."""
    if "Traceback" in words or 'File "/' in words:
        yield "a stack trace"
    page = Page(words)
    if len(page.text()) < 40:
        yield "no words"
    if not any(link.startswith("/") for link in page.links()):
        yield "no link"


@pytest.fixture
def site(app: Flask, saved: Callable[[Callable[[], Any]], Any]) -> Everything:
    made: Everything = saved(everything)
    return made


def attacker(app: Flask, site: Everything, role: str) -> Attacker:
    client: Any = app.test_client()
    if role != "visitor":
        sign_in(client, site.people[role])
    return Attacker(client)


def readable(app: Flask, site: Everything) -> list[str]:
    """Every address that can be read, with real values in it."""
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static"
    ]
    return sorted({site.address(rule, app) for rule in rules})


@pytest.mark.parametrize("role", ("visitor", "administrator"))
def test_no_query_breaks_a_page(app: Flask, site: Everything, role: str) -> None:
    attack = attacker(app, site, role)
    dice = random.Random(7)
    for path in readable(app, site):
        for value in dice.sample(VALUES, 2):
            name = dice.choice(NAMES)
            attack.send("GET", f"{path}?{name}={value}&{name}={dice.choice(VALUES)}&{name}[]={value}&{value}")
    lists = (
        "/events",
        "/events/calendar",
        "/events.ics",
        "/calendars",
        "/neighborhoods/find",
        "/desk/events",
    )
    for path in lists:
        for name in dice.sample(NAMES, 6):
            attack.send("GET", f"{path}?{name}={dice.choice(VALUES)}")
    assert attack.faults == []
    assert attack.sent > 150


@pytest.mark.parametrize("role", ("visitor", "administrator"))
def test_no_address_breaks_the_site(app: Flask, site: Everything, role: str) -> None:
    attack = attacker(app, site, role)
    for rule in app.url_map.iter_rules():
        for argument in sorted(rule.arguments):
            given = dict(site.values) | {"token": "1.x", "filename": "x", "slug": site.values["event_slug"]}
            path = rule.rule
            values = DAYS if argument == "day" else IDS
            for name in rule.arguments:
                real = "{}" if name == argument else str(given[name])
                path = (
                    path.replace(f"<int:{name}>", real)
                    .replace(f"<path:{name}>", real)
                    .replace(f"<{name}>", real)
                )
            for value in values[:: 1 if role == "visitor" else 2]:
                attack.send("GET" if "GET" in (rule.methods or ()) else "POST", path.format(value))
    assert attack.faults == []
    assert attack.sent > 150


def test_no_method_body_or_header_breaks_the_site(app: Flask, site: Everything) -> None:
    attack = attacker(app, site, "visitor")
    for path in (
        "/",
        "/events",
        f"/events/{site.values['event_id']}/rsvp",
        "/account/sign-in",
        "/events.ics",
        "/x",
    ):
        for method in METHODS:
            attack.send(method, path)
        for headers in HEADERS:
            attack.send("GET", path, headers=headers)
        for kind, body in BODIES:
            attack.send("POST", path, data=body, content_type=kind)
    assert attack.faults == []


@pytest.mark.parametrize("path", FORMS)
def test_no_form_breaks_on_what_it_is_sent(app: Flask, site: Everything, path: str) -> None:
    attack = attacker(app, site, "visitor" if path in FORMS[:3] else "administrator")
    fields = attack.client.page(path).form()
    attack_form(attack, path, fields, random.Random(path))
    assert attack.faults == []


def test_no_answer_breaks_on_what_it_is_sent(app: Flask, site: Everything) -> None:
    attack = attacker(app, site, "resident")
    path = f"/events/{site.values['event_id']}/rsvp"
    attack_form(attack, path, attack.client.page(path).form(), random.Random(3))
    attack = attacker(app, site, "officer")
    dates = f"/desk/events/{site.values['event_id']}/dates/{site.values['day']}"
    for path in (f"{dates}/move", f"{dates}/cancel", f"/desk/events/{site.values['event_id']}/edit"):
        attack_form(attack, path, attack.client.page(path).form(), random.Random(5))
    door = attack.client.page(f"{dates}/door").form("/door")
    for name in ("ticket", "arrived", "undo", "step", "people"):
        attack_form(attack, f"{dates}/door", {**door, name: "1"}, random.Random(name))
    for kind, body in BODIES:
        headers = {"X-CSRFToken": door["csrf_token"]}
        answer = attack.client.post(f"{dates}/door/batch", data=body, content_type=kind, headers=headers)
        assert 400 <= answer.status_code < 500, kind  # a device reads it, not a person
    assert attack.faults == []


def attack_form(attack: Attacker, path: str, fields: dict[str, str], dice: random.Random) -> None:
    """Odd values in each field in turn, doubled fields, and one that is a megabyte long."""
    names = [name for name in fields if name != "csrf_token"]
    for name in dice.sample(names, min(len(names), 12)):
        for value in dice.sample(ODD, 3):
            attack.send("POST", path, data={**fields, name: value})
    if names:
        attack.send("POST", path, data={**fields, names[0]: "x" * 1_000_000})
        attack.send("POST", path, data={name: [value, "other"] for name, value in fields.items()})
        attack.send(
            "POST", path, data={"csrf_token": fields["csrf_token"], **{f"{name}[]": "1" for name in names}}
        )
        attack.send("POST", path, data={**fields, **dict.fromkeys(names, "\x00")})


ODD = (
    "\x00", "a\x00b", "\ud7ff\ufffe", "\u202e\u2066", HUGE, "-1", "1e309", "NaN", "0000-01-01", "9999-12-31",
    "2026-03-08", "2026-11-01", "23:59:60", "24:00", "<svg onload=alert(1)>", "{{7*7}}", "\u0663", "\u00b2",
    "x" * 5_000, "\r\n\r\n", "a@b", "=cmd|' /C calc'!A0", "[x](javascript:alert(1))", "FREQ=SECONDLY",
    "America/Nowhere", "../x", "\U0001f4a9" * 300,
)  # fmt: skip
