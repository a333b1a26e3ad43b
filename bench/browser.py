"""A browser small enough for a benchmark: cookies, forms, no more."""

from __future__ import annotations

import http.client
import re
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import Message
from http.cookiejar import CookieJar

from flask import Flask

from forum.core import clock
from forum.core.transactions import unit_of_work
from forum.extensions import db


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer, not an instruction."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Browser:
    """Talks to *url* and keeps its cookies."""

    url: str
    jar: CookieJar = field(default_factory=CookieJar)

    def get(self, path: str, **headers: str) -> Answer:
        return self._send(urllib.request.Request(self.url + path, headers=_named(headers)))

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        data = urllib.parse.urlencode(fields).encode()
        return self._send(urllib.request.Request(self.url + path, data=data))

    def token(self, path: str) -> str:
        """The CSRF token of the form at *path*."""
        page = self.get(path)
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page.body)
        if found is None:
            raise RuntimeError(f"{path} answered {page.status} without a form")
        return found[1].decode()

    def sign_in(self, email: str, password: str) -> None:
        """As a person does: the form, the fields, the button."""
        token = self.token("/account/sign-in")
        answer = self.post("/account/sign-in", {"email": email, "password": password, "csrf_token": token})
        if answer.status not in (302, 303):
            raise RuntimeError(f"signing in as {email} answered {answer.status}")

    def cookie(self) -> str:
        """The Cookie header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def _send(self, request: urllib.request.Request) -> Answer:
        opener = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor(self.jar))
        try:
            with opener.open(request, timeout=30) as answer:
                return Answer(answer.status, _lower(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, _lower(error.headers), error.read())


def session_cookies(app: Flask, count: int, role: str = "resident") -> list[str]:
    """Cookie headers of *count* people of *role*, each with an open session (signing in so often is refused)."""
    from forum.accounts.models import Person, Role
    from forum.accounts.operations import add_person, start_session

    cookies = []
    name = app.config["SESSION_COOKIE_NAME"]
    with app.app_context(), unit_of_work():
        for number in range(count):
            email = f"bench-{role}-{number}@example.org"
            person = db.session.scalars(db.select(Person).where(Person.email_folded == email)).first()
            if person is None:  # a hash that no password matches
                person = add_person(
                    name=f"{role.capitalize()} {number}", email=email, role=Role(role), password_hash="!"
                )
                # Here for long: what a new account writes on and on waits for a person (forum/moderation/pace.py).
                person.created_at = clock.now() - timedelta(days=30)
                db.session.flush()
            start_session(person, proof=person.password_hash, stay=False)
            # As a browser has it after the first page with a form: else every page would sign a new one.
            session = {"_user_id": person.session_token, "csrf_token": secrets.token_hex(20)}
            value = app.session_interface._serializer(app, name).dumps(session)  # type: ignore[attr-defined]
            cookies.append(f"{name}={value}")
    return cookies


def form_of(url: str, path: str, cookie: str) -> tuple[str, str]:
    """(Cookie header, CSRF token) with which the form at *path* can be sent by who holds *cookie*."""
    browser = Browser(url)
    page = browser.get(path, Cookie=cookie)
    found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page.body)
    if found is None:
        raise RuntimeError(f"{path} answered {page.status} without a form")
    renewed = browser.cookie()
    return renewed or cookie, found[1].decode()


def seen_everywhere(url: str, path: str, text: bytes, since: float) -> float:
    """Seconds after *since* until each of 16 connections (so each process) has shown *text* on the page at *path*."""
    host = urllib.parse.urlsplit(url).netloc
    connections = [http.client.HTTPConnection(host, timeout=10) for _ in range(16)]
    waiting = list(connections)
    while waiting and time.monotonic() - since < 10:
        for connection in list(waiting):
            connection.request("GET", path)
            if text in connection.getresponse().read():
                waiting.remove(connection)
    behind = time.monotonic() - since
    for connection in connections:
        connection.close()
    return behind


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
