"""Sessions end when they should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import time_machine
from flask import Flask

from forum.accounts.models import Role, Session
from forum.core.tokens import keyed_hash
from forum.extensions import db
from tests.factories.accounts import PASSWORD, person, sign_in

NOON = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def is_in(client: Any) -> bool:
    return bool(client.get("/account").status_code == 200)


def token_in(client: Any) -> str | None:
    with client.session_transaction() as session:
        return session.get("_user_id")


def test_signing_in_leads_to_the_page_one_came_for(client: Any, saved: Any) -> None:
    resident = saved(person)
    assert client.get("/account").location == "/account/sign-in?next=/account"
    response = client.send("/account/sign-in?next=/account", {"email": resident.email, "password": PASSWORD})
    assert (response.status_code, response.location) == (303, "/account")
    assert resident.name in client.page("/account").text()


def test_the_address_may_be_typed_in_capitals_with_blanks_around_it(client: Any, saved: Any) -> None:
    saved(lambda: person(email="Zoë.Müller@Example.org"))
    response = client.send("/account/sign-in", {"email": "  zoë.müller@EXAMPLE.org ", "password": PASSWORD})
    assert response.status_code == 303


def test_the_table_keeps_only_a_keyed_hash_of_the_token(app: Flask, client: Any, saved: Any) -> None:
    sign_in(client, saved(person))
    token = token_in(client)
    assert token is not None
    assert len(token) >= 32  # 192 bits in base64
    with app.app_context():
        stored = db.session.scalars(sa.select(Session.token_hash)).one()
        assert stored == keyed_hash(token, "session")
    assert token not in stored


def test_each_sign_in_has_a_session_and_a_csrf_token_of_its_own(client: Any, saved: Any) -> None:
    resident = saved(person)
    first_csrf = client.page("/account/sign-in").form("sign-in")["csrf_token"]
    client.send("/account/sign-in", {"email": resident.email, "password": PASSWORD})
    first = token_in(client)
    own_csrf = client.page("/account").form("sign-out")["csrf_token"]
    client.send("/account", form="sign-out")
    client.send("/account/sign-in", {"email": resident.email, "password": PASSWORD})
    assert token_in(client) not in (None, first)
    stale = client.post("/account/sign-out", data={"csrf_token": first_csrf})
    assert stale.status_code == 400
    assert client.post("/account/sign-out", data={"csrf_token": own_csrf}).status_code == 400


def test_the_cookie_holds_no_hash_of_address_and_browser(client: Any, saved: Any) -> None:
    resident = saved(person)
    client.send("/account/sign-in", {"email": resident.email, "password": PASSWORD})
    with client.session_transaction() as session:
        assert set(session) <= {"_user_id", "_permanent", "csrf_token", "_flashes"}


def test_signing_out_ends_the_session_on_the_server(app: Flask, client: Any, saved: Any) -> None:
    sign_in(client, saved(person))
    cookie = client.get_cookie("session").value
    client.send("/account", form="sign-out")
    thief = app.test_client()
    thief.set_cookie("session", cookie)
    assert not is_in(client)
    assert not is_in(thief)


def test_an_ordinary_session_ends_after_twelve_idle_hours(client: Any, saved: Any) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, saved(person))
        clock.shift(timedelta(hours=11, minutes=59))
        assert is_in(client)
        clock.shift(timedelta(minutes=2))
        assert not is_in(client)


def test_reading_does_not_move_the_end_but_saying_so_does(client: Any, saved: Any) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, saved(person))
        clock.shift(timedelta(hours=10))
        csrf = client.page("/account").form("sign-out")["csrf_token"]
        assert client.post("/account/here", data={"csrf_token": csrf}).status_code == 204
        clock.shift(timedelta(hours=11))
        assert is_in(client)
        clock.shift(timedelta(hours=2))
        assert not is_in(client)


def test_the_page_asks_to_be_noticed_when_the_session_was_long_quiet(client: Any, saved: Any) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, saved(person))
        assert "/here" not in client.get("/account").get_data(as_text=True)
        clock.shift(timedelta(minutes=11))
        assert "js/here" in client.get("/account").get_data(as_text=True)
        csrf = client.page("/account").form("sign-out")["csrf_token"]
        client.post("/account/here", data={"csrf_token": csrf})
        assert "js/here" not in client.get("/account").get_data(as_text=True)


def test_a_session_is_touched_at_most_once_a_minute(app: Flask, client: Any, saved: Any) -> None:
    def seen() -> datetime:
        with app.app_context():
            return db.session.scalars(sa.select(Session.seen_at)).one()

    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, saved(person))
        csrf = client.page("/account").form("sign-out")["csrf_token"]
        for shift, expected in (
            (50, NOON),
            (15, NOON + timedelta(seconds=65)),
            (30, NOON + timedelta(seconds=65)),
        ):
            clock.shift(timedelta(seconds=shift))
            client.post("/account/here", data={"csrf_token": csrf})
            assert seen() == expected


def test_no_session_outlives_a_week_however_busy(client: Any, saved: Any) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, saved(person))
        csrf = client.page("/account").form("sign-out")["csrf_token"]
        for _ in range(16):
            clock.shift(timedelta(hours=10))
            client.post("/account/here", data={"csrf_token": csrf})
        assert is_in(client)
        clock.shift(timedelta(hours=10))
        assert not is_in(client)


def test_stay_signed_in_lasts_sixty_days_in_row_and_cookie(client: Any, saved: Any) -> None:
    resident = saved(person)
    with time_machine.travel(NOON, tick=False) as clock:
        client.send("/account/sign-in", {"email": resident.email, "password": PASSWORD, "stay": "y"})
        assert client.get_cookie("session").expires == NOON + timedelta(days=60)
        clock.shift(timedelta(days=59, hours=23))
        assert is_in(client)
        clock.shift(timedelta(hours=2))
        assert not is_in(client)


def test_signing_in_as_somebody_else_ends_the_first_session(app: Flask, client: Any, saved: Any) -> None:
    first, second = saved(person), saved(person)
    form = client.page("/account/sign-in").form("sign-in")
    client.post("/account/sign-in", data={**form, "email": first.email, "password": PASSWORD})
    old = client.get_cookie("session").value
    csrf = client.page("/account").form("sign-out")["csrf_token"]
    fields = {"csrf_token": csrf, "email": second.email, "password": PASSWORD}
    assert client.post("/account/sign-in", data=fields).status_code == 303
    assert second.name in client.page("/account").text()
    thief = app.test_client()
    thief.set_cookie("session", old)
    assert not is_in(thief)


def test_without_stay_the_cookie_ends_with_the_browser(client: Any, saved: Any) -> None:
    resident = saved(person)
    client.send("/account/sign-in", {"email": resident.email, "password": PASSWORD})
    assert client.get_cookie("session").expires is None


def test_a_get_of_who_stays_signed_in_sets_no_cookie(client: Any, saved: Any) -> None:
    sign_in(client, saved(person), stay=True)
    client.get("/account")
    assert "Set-Cookie" not in client.get("/account").headers


def test_the_list_names_each_device_and_ends_one(app: Flask, client: Any, saved: Any) -> None:
    resident = saved(person)
    phone = app.test_client()
    firefox = {"User-Agent": "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"}
    phone.send("/account/sign-in", {"email": resident.email, "password": PASSWORD}, headers=firefox)
    sign_in(client, resident)
    page = client.page("/account")
    assert "Firefox, Android" in page.text()
    ending = next(form.get("action") for form in page.all("form") if "/sessions/" in form.get("action", ""))
    client.send("/account", form=ending)
    assert not is_in(phone)
    assert is_in(client)


def test_every_other_session_can_be_ended_at_once(app: Flask, client: Any, saved: Any) -> None:
    resident = saved(person)
    others = [sign_in(app.test_client(), resident) for _ in range(2)]
    sign_in(client, resident)
    client.send("/account", form="end-others")
    assert [is_in(other) for other in others] == [False, False]
    assert is_in(client)


def test_nobody_ends_the_session_of_another(app: Flask, client: Any, saved: Any) -> None:
    victim = sign_in(app.test_client(), saved(person))
    sign_in(client, saved(person))
    csrf = client.page("/account").form("sign-out")["csrf_token"]
    with app.app_context():
        numbers = list(db.session.scalars(sa.select(Session.id).order_by(Session.id)))
    for number in (numbers[0], 0, 999_999, 2**63):
        assert client.post(f"/account/sessions/{number}/end", data={"csrf_token": csrf}).status_code == 404
    assert is_in(victim)


def test_a_demoted_officer_is_out_at_the_next_request(app: Flask, client: Any, saved: Any) -> None:
    chief, administrator = (
        saved(lambda: person(Role.ADMINISTRATOR)),
        saved(lambda: person(Role.ADMINISTRATOR)),
    )
    sign_in(client, administrator)
    other = sign_in(app.test_client(), chief)
    assert other.get("/admin/people").status_code == 200
    client.send(f"/admin/people/{chief.id}", {"role": "resident"}, form=f"/people/{chief.id}")
    assert other.get("/admin/people").status_code == 404
    assert is_in(other)


def test_a_suspended_person_is_out_at_the_next_request(app: Flask, client: Any, saved: Any) -> None:
    resident, administrator = saved(person), saved(lambda: person(Role.ADMINISTRATOR))
    other = sign_in(app.test_client(), resident)
    sign_in(client, administrator)
    client.send(f"/admin/people/{resident.id}", form="/suspend")
    assert not is_in(other)
    assert other.send("/account/sign-in", {"email": resident.email, "password": PASSWORD}).status_code == 422
    client.send(f"/admin/people/{resident.id}", form="/restore")
    assert other.send("/account/sign-in", {"email": resident.email, "password": PASSWORD}).status_code == 303


def test_forged_and_odd_cookies_sign_nobody_in(client: Any, saved: Any) -> None:
    saved(person)
    for value in ("", "x", "1", "0" * 5000, None, 1, ["a"], {"a": 1}):
        with client.session_transaction() as session:
            session["_user_id"] = value
        assert not is_in(client)


def test_a_page_of_who_is_signed_in_costs_one_look_up_for_the_person(
    app: Flask, client: Any, saved: Any
) -> None:
    sign_in(client, saved(person))
    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    listener = lambda *args: statements.append(args[2])  # noqa: E731
    sa.event.listen(engine, "before_cursor_execute", listener)
    try:
        client.get("/account/password")
    finally:
        sa.event.remove(engine, "before_cursor_execute", listener)
    assert len([s for s in statements if s.startswith("SELECT")]) == 1
