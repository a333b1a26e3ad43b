"""What nobody should send, sent: no answer is an error of ours, no code is told apart, nothing is made twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Role
from forum.concerns.models import Closing, Concern, Entry, Mode, Status
from forum.concerns.receipts import new_code
from forum.core import clock, fleeting_limits
from forum.extensions import db
from tests import alike
from tests.concerns.steps import page_of, step_of, walk
from tests.factories import accounts, concerns
from tests.factories.accounts import sign_in
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
ODD = [
    "\x00", "a\x00b", "x" * 20_001, "\u202eevil\u202c", "شارع النخيل " * 200, "🙂" * 6000, "\ud7ff\ufffe",
    "<script>alert(1)</script>", "=1+1", "%s%n{0}{{7*7}}", "' OR 1=1 --", "\r\nBcc: a@example.org", "-1", "9" * 400,
]  # fmt: skip
POINTS = [
    "41.9",
    "41.9,",
    "nan,nan",
    "inf,-inf",
    "1e400,1",
    "91,181",
    "48.85,2.35",
    "41.9,-87.7,3",
    "\x00,\x00",
    "٤١,٨٧",
]
FIELDS = (
    "mode", "category", "about", "title", "story", "happened", "neighborhood", "place", "language", "interpreter",
    "name", "email", "phone", "code", "warned", "same", "step", "go", "picture-0", "alt-0",
)  # fmt: skip


def forgive(client: Client) -> None:
    with client.application.app_context():
        fleeting_limits.reset()


def filled(client: Client) -> dict[str, Any]:
    return page_of(walk(client)).form("/concerns/new")


@pytest.mark.parametrize("name", [*FIELDS, "point"])
def test_no_value_of_any_field_of_the_form_breaks_it(client: Client, name: str) -> None:
    known = filled(client)
    for value in POINTS if name == "point" else ODD:
        forgive(client)
        for step in {"point": ("review", "place"), "title": ("review", "story")}.get(name, ("review",)):
            fields = known | {"step": step, "code": new_code(), name: value}
            answer = client.post("/concerns/new", data=fields, content_type="multipart/form-data")
            assert answer.status_code in (200, 422), (name, value[:20], step)
            if name != "story" and step_of(answer):
                assert "Every evening after nine." in answer.text


def test_doubled_fields_and_lists_of_them_break_nothing(client: Client) -> None:
    known = filled(client)
    for name in FIELDS:
        fields = {
            key: [value, value] if key == name else value for key, value in known.items() if value is not None
        }
        answer = client.post("/concerns/new", data=fields | {f"{name}[]": "x"})
        assert answer.status_code in (200, 422, 429), name


@pytest.mark.parametrize("act", ["reply", "mode", "withdraw", "dispute", "consent"])
def test_no_value_sent_to_a_thread_breaks_it(client: Client, saved: Saved, act: str) -> None:
    code = new_code()
    saved(lambda: concerns.concern(Mode.ANONYMOUS, code=code))
    token = client.page("/concerns/track").form("/concerns/track")
    for value in ODD:
        for name in ("text", "key", "mode", "question", "answer", "shared", "picture-0", "alt-0"):
            answer = client.post(f"/concerns/track/{act}", data=token | {"code": code, name: value})
            assert answer.status_code in (200, 422), (name, value[:20])


def test_no_text_typed_as_a_code_breaks_anything_or_is_told_from_another(client: Client) -> None:
    token = client.page("/concerns/track").form("/concerns/track")
    for value in [*ODD, "0" * 20, "l" * 1_000_000, new_code() + "X", "ÅÅÅ"]:
        forgive(client)
        answer = client.post("/concerns/track", data=token | {"code": value})
        assert answer.status_code == 422
        assert "\x00" in value or "This code opens nothing" in answer.text


def test_sixty_wrong_codes_from_one_address_stop_after_ten_whatever_headers_say(client: Client) -> None:
    token = client.page("/concerns/track").form("/concerns/track")
    found = []
    for number in range(60):
        forged = dict.fromkeys(
            ("X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP"), f"198.51.100.{number}"
        )
        found.append(
            client.post("/concerns/track", data=token | {"code": new_code()}, headers=forged).status_code
        )
    assert found == [422] * 10 + [429] * 50


@pytest.fixture
def frozen() -> Iterator[None]:
    """The words of a wait count its minutes, which a busy machine uses up while it tries codes."""
    with time_machine.travel(clock.now(), tick=False):
        yield


@pytest.mark.usefixtures("frozen")
def test_a_right_and_a_wrong_code_wait_alike_in_words_and_time(client: Client, saved: Saved) -> None:
    """While an address waits, nothing tells a right code; and one that nearly is right takes as long as any."""
    code = new_code()
    saved(lambda: concerns.concern(Mode.ANONYMOUS, code=code))
    near = code[:-1] + ("0" if code[-1] != "0" else "1")
    token = client.page("/concerns/track").form("/concerns/track")
    client.lint = False  # no part of the time that a visitor waits

    def timed(typed: str, waits: bool) -> float:
        if not waits:
            forgive(client)
        took = alike.seconds(
            lambda: answers.append(client.post("/concerns/track", data=token | {"code": typed}))
        )
        answer = answers.pop()
        said.add((answer.status_code, page_of(answer).text().replace(typed, "CODE")))
        return took

    answers: list[Any] = []
    for first, waits in ((near, False), (code, True)):
        for _wrong in range(11 if waits else 1):
            client.post("/concerns/track", data=token | {"code": new_code()})
        said = set[tuple[int, str]]()
        # Both again and again the same, for what is asked again may be quicker.
        alike.assert_alike(partial(timed, first, waits), partial(timed, new_code(), waits))
        ((status, _words),) = said
        assert status == (429 if waits else 422)


@pytest.mark.parametrize("clients", [8])
def test_the_same_form_sent_at_once_is_one_concern(app: Flask, client: Client, clients: int) -> None:
    fields = {name: value for name, value in filled(client).items() if value is not None}
    cookies = {cookie.key: cookie.value for cookie in client._cookies.values()}

    def sent(_number: int) -> int:
        fleeting = app.test_client()
        for name, value in cookies.items():
            fleeting.set_cookie(name, value)
        return int(fleeting.post("/concerns/new", data=fields).status_code)

    with ThreadPoolExecutor(clients) as pool:
        answers = list(pool.map(sent, range(clients)))
    assert set(answers) <= {200, 429}
    assert answers.count(200) == 5  # the limit of forms
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Concern)) == 1
        assert db.session.scalar(select(func.count()).select_from(Entry)) == 1


def test_two_who_close_at_once_close_once(app: Flask, saved: Saved) -> None:
    made = saved(concerns.concern)
    path = f"/desk/concerns/{made.reference}"
    browsers = [sign_in(app.test_client(), saved(lambda: accounts.person(Role.SUPERVISOR))) for _ in range(4)]
    forms = [browser.page(path).form("/close") for browser in browsers]

    def close(number: int) -> int:
        words = {
            "close-closed_as": str(Closing.REFERRED),
            "close-text": f"Closed {number}.",
            "action": "send",
        }
        return int(browsers[number].post(f"{path}/close", data=forms[number] | words).status_code)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(close, range(4)))
    assert sorted(answers) == [303, 422, 422, 422]
    with app.app_context():
        closings = db.session.scalars(select(Entry).where(Entry.status == Status.CLOSED)).all()
        assert len(closings) == 1
