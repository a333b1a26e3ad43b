"""The folder of unsent mail and its pages at the desk."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import STAFF, Role
from forum.core import mail
from forum.core.mail_transport import Folder
from forum.notifications.vocabulary import Staff
from tests.factories import accounts

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
LINK = "http://localhost/account/confirm/12.abc"


@pytest.fixture
def visit(app: Flask, saved: Callable[[Callable[[], Any]], Any]) -> Callable[[Role], Any]:
    def browser(role: Role) -> Any:
        return accounts.sign_in(app.test_client(), saved(lambda: accounts.person(role)))

    return browser


@pytest.fixture
def letters(app: Flask) -> Iterator[list[str]]:
    """Two letters in the folder; yields their names."""
    names = []
    with app.app_context():
        for number in (1, 2):
            text = f"Hello <b>{number}</b>\n\nOpen {LINK}.\n"
            message = mail.Message(
                subject=f"Letter {number}",
                text=text,
                html="<p>Hi</p><script>alert(1)</script>",
                to="p7@example.org",
            )
            outgoing = mail.compose(message, key=f"letter:{number}", at=START.replace(minute=number))
            Folder(Path(app.instance_path) / "mail").send(outgoing)
            names.append(outgoing.name)
    yield names


def test_the_desks_roles_are_the_staff() -> None:
    assert {str(role) for role in Staff} == {str(role) for role in STAFF}


@pytest.mark.parametrize("role", list(Role))
def test_staff_read_the_unsent_mail_and_nobody_else(
    visit: Callable[[Role], Any], letters: list[str], role: Role
) -> None:
    browser = visit(role)
    expected = 200 if role in STAFF else 404
    assert browser.get("/desk/mail").status_code == expected
    assert browser.get(f"/desk/mail/{letters[0]}").status_code == expected


def test_letters_come_newest_first_with_links_that_work(
    visit: Callable[[Role], Any], letters: list[str]
) -> None:
    browser = visit(Role.OFFICER)
    text = browser.page("/desk/mail").text()
    assert text.index("Letter 2") < text.index("Letter 1")
    page = browser.page(f"/desk/mail/{letters[0]}")
    assert LINK in page.links()
    assert "Hello <b>1</b>" in page.text()
    assert "1" not in [element.text for element in page.all("b")]


def test_an_empty_folder_says_what_fills_it(visit: Callable[[Role], Any]) -> None:
    assert "No letters yet" in visit(Role.OFFICER).page("/desk/mail").text()


@pytest.mark.parametrize("name", ("nobody", "..%2Fsecret-key", "20261120T120100-0000000000000000"))
def test_other_files_are_not_found(visit: Callable[[Role], Any], letters: list[str], name: str) -> None:
    assert visit(Role.OFFICER).get(f"/desk/mail/{name}").status_code == 404


def test_the_pages_do_not_exist_beside_a_mail_server(
    app: Flask, visit: Callable[[Role], Any], letters: list[str]
) -> None:
    kept = app.config["FORUM"]
    app.config["FORUM"] = dataclasses.replace(kept, smtp_url="smtp://mail.example.org")
    try:
        browser = visit(Role.ADMINISTRATOR)
        assert browser.get("/desk/mail").status_code == 404
        assert browser.get(f"/desk/mail/{letters[0]}").status_code == 404
    finally:
        app.config["FORUM"] = kept


def test_a_private_letter_is_kept_and_no_staff_reads_it(app: Flask, visit: Callable[[Role], Any]) -> None:
    with app.app_context():
        message = mail.Message(
            subject="Letter 7", text="Hi", html="<p>Hi</p>", to="p7@example.org", private=True
        )
        outgoing = mail.compose(message, key="letter:7", at=START)
        Folder(Path(app.instance_path) / "mail").send(outgoing)
    assert (Path(app.instance_path) / "mail" / f"{outgoing.name}.eml").is_file()
    browser = visit(Role.ADMINISTRATOR)
    text = browser.page("/desk/mail").text()
    assert "Letter 7" not in text
    assert "p7@example.org" not in text
    assert "Letters about concerns are not here" in text
    assert browser.get(f"/desk/mail/{outgoing.name}").status_code == 404
    assert browser.get(f"/desk/mail/{outgoing.name.removesuffix(mail.PRIVATE)}").status_code == 404
