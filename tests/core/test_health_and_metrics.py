"""/healthz, /readyz and /metrics."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from forum.core import clock, health
from forum.core.transactions import unit_of_work
from forum.extensions import db
from forum.notifications.operations import notify

HERE = {"Host": "localhost:8000"}


def test_a_process_that_answers_is_alive(client: Any) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_site_in_order_is_ready(client: Any) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"database": "ok", "mail": "ok", "schema": "ok"}


def test_a_schema_that_is_behind_is_not_ready(app: Flask) -> None:
    browser = app.test_client()
    browser.lint = False
    with app.app_context(), db.engine.begin() as connection:
        kept = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001_ledger_and_outbox'"))
    try:
        answer = browser.get("/readyz")
        assert (answer.status_code, answer.json["schema"]) == (503, "behind")
    finally:
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :kept"), {"kept": kept})


def test_mail_that_waits_for_a_worker_is_not_ready(app: Flask) -> None:
    browser = app.test_client()
    browser.lint = False
    with app.app_context(), unit_of_work():
        notify(person_id=1, kind="test", key="test:1")
        notify(person_id=1, kind="test", key="test:2", due_at=clock.now() + timedelta(days=3))
    assert browser.get("/readyz").status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        answer = browser.get("/readyz")
    assert (answer.status_code, answer.json["mail"]) == (503, "overdue")


def test_a_check_that_fails_says_a_word_and_no_detail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise RuntimeError("secret detail")

    monkeypatch.setitem(health.CHECKS, "database", broken)
    browser = app.test_client()
    browser.lint = False
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "failed")
    assert "secret" not in answer.text


def test_metrics_count_answers_by_endpoint_and_tell_the_outbox(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        notify(person_id=1, kind="test", key="test:1")
    browser = app.test_client()
    browser.get("/healthz")
    text = browser.get("/metrics", headers=HERE).text
    assert 'forum_requests_total{endpoint="health.healthz",method="GET",status="200"}' in text
    assert 'forum_request_seconds_bucket{endpoint="health.healthz",le="0.005"}' in text
    assert 'forum_outbox{state="pending"} 1.0' in text


def test_labels_are_bounded_whatever_is_asked_for(app: Flask) -> None:
    browser = app.test_client()
    for number in range(5):
        browser.get(f"/nowhere/{number}")
        browser.open(f"/nowhere/{number}", method=f"ODD{number}")
    text = browser.get("/metrics", headers=HERE).text
    assert "nowhere" not in text
    assert "ODD" not in text


@pytest.mark.parametrize(
    ("address", "headers"),
    (
        ("198.51.100.77", HERE),
        ("127.0.0.1", {"Host": "forum.example.org"}),
        ("127.0.0.1", {**HERE, "X-Forwarded-For": "198.51.100.77"}),
        ("127.0.0.1", {**HERE, "Forwarded": "for=198.51.100.77"}),
        ("127.0.0.1", {**HERE, "Via": "1.1 proxy"}),
        ("::2", {"Host": "[::1]:8000"}),
    ),
)
def test_metrics_are_not_there_for_others(client: Any, address: str, headers: dict[str, str]) -> None:
    assert client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).status_code == 404


@pytest.fixture
def token(app: Flask) -> Iterator[str]:
    kept = app.config["FORUM"]
    app.config["FORUM"] = dataclasses.replace(kept, metrics_token="a-long-token")
    yield "a-long-token"
    app.config["FORUM"] = kept


def test_with_a_token_only_its_holder_reads_metrics(client: Any, token: str) -> None:
    away = {"REMOTE_ADDR": "198.51.100.77"}
    assert client.get("/metrics", headers=HERE).status_code == 404
    assert (
        client.get("/metrics", headers={"Authorization": "Bearer wrong"}, environ_base=away).status_code
        == 404
    )
    assert client.get("/metrics", headers={"Authorization": "Bearer é"}, environ_base=away).status_code == 404
    right = {"Authorization": f"Bearer {token}"}
    assert client.get("/metrics", headers=right, environ_base=away).status_code == 200
