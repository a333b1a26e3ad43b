"""No forged clicks, no bounced logins."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from tests.factories.accounts import PASSWORD, person, sign_in

OWN = [
    "/account/sign-out",
    "/account/here",
    "/account/name",
    "/account/language",
    "/account/password",
    "/account/email",
    "/account/delete",
    "/account/sessions/1/end",
    "/account/sessions/end-others",
]
OPEN = [
    "/account/sign-in",
    "/account/register",
    "/account/reset",
    "/account/reset/1.x",
    "/account/confirm/1.x",
    "/account/email/1.x",
]
ELSEWHERE = [
    "https://evil.example",
    "http://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "//evil.example\\@localhost",
    "http://localhost@evil.example",
    "/%5cevil.example\\",
    "evil.example",
    "//localhost.evil.example",
    "\x01//evil.example",
    "/\r//evil.example",
    "/.\\evil.example",
]


@pytest.mark.parametrize("path", OWN + OPEN)
def test_a_form_without_a_right_token_is_refused(app: Flask, client: Any, saved: Any, path: str) -> None:
    other = app.test_client()
    foreign = other.page("/account/sign-in").form("sign-in")["csrf_token"]
    sign_in(client, saved(person))
    own = client.page("/account").form("sign-out")["csrf_token"]
    unsigned = own.rpartition(".")[0]  # its last letters alone might decode to what they were
    for token in (None, "", "x" * 40, foreign, f"{unsigned}.{'x' * 27}"):
        data = {} if token is None else {"csrf_token": token}
        assert client.post(path, data=data, headers={"Origin": "https://evil.example"}).status_code == 400
        assert client.post(path, data=data).status_code == 400
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_click_is_refused_even_with_the_token(
    client: Any, saved: Any, headers: dict[str, str]
) -> None:
    sign_in(client, saved(person))
    own = client.page("/account").form("sign-out")["csrf_token"]
    assert client.post("/account/sign-out", data={"csrf_token": own}, headers=headers).status_code == 400
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_signing_in(app: Flask, client: Any, saved: Any, target: str) -> None:
    owner = saved(person)
    response = client.send("/account/sign-in", {"email": owner.email, "password": PASSWORD, "next": target})
    assert response.status_code == 303
    assert urlsplit(urljoin("http://localhost/account/sign-in", response.location)).netloc == "localhost"
    again = client.get("/account/sign-in", query_string={"next": target})
    assert urlsplit(urljoin("http://localhost/account/sign-in", again.location)).netloc == "localhost"


def test_a_path_on_this_site_is_kept_through_a_wrong_password(client: Any, saved: Any) -> None:
    owner = saved(person)
    fields = {"email": owner.email, "password": "not it at all"}
    response = client.send("/account/sign-in?next=/events/7?x=1%262", fields)
    assert response.status_code == 422
    assert 'value="/events/7?x=1&amp;2"' in response.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/account", *OWN[2:7], *OPEN])
def test_private_pages_are_kept_by_nobody(client: Any, saved: Any, path: str) -> None:
    if path not in OPEN:
        sign_in(client, saved(person))
    assert client.get(path).headers["Cache-Control"] == "private, no-store"
