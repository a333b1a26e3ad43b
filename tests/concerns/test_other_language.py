"""Another language in the midst of telling, or of reading with the code: what was typed comes along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from forum.concerns.models import Mode
from forum.concerns.receipts import new_code
from tests.concerns.steps import ANSWERS, jpeg, page_of, press, send, step_of, walk
from tests.factories import concerns
from tests.pages import Client

Saved = Callable[[Callable[[], Any]], Any]
STEPS = list(ANSWERS)


def buttons(answer: TestResponse) -> list[tuple[str, str]]:
    """(form, language) of the buttons that choose another language."""
    found = page_of(answer).all("button")
    return [(button.get("form"), button.get("value")) for button in found if button.get("name") == "speak"]


@pytest.mark.parametrize("step", STEPS)
def test_every_step_speaks_another_language_with_all_that_was_said(client: Client, step: str) -> None:
    answer = walk(client, until=step)
    said = page_of(answer).form("/concerns/new")
    assert buttons(answer) == [("raising", "es")]
    assert not [link for link in page_of(answer).links() if link.startswith("/language")]
    spoken = press(client, answer, speak="es")
    assert page_of(spoken).all("html")[0].get("lang") == "es"
    assert step_of(spoken) == step
    kept = page_of(spoken).form("/concerns/new")
    follows = {"csrf_token", "language"}
    assert {key: value for key, value in kept.items() if key not in follows} == {
        key: value for key, value in said.items() if key not in follows
    }
    assert page_of(press(client, spoken, **ANSWERS[step])).all("html")[0].get("lang") == "es"  # and stays so


def test_what_was_just_typed_is_kept_also_when_it_would_not_hold(client: Client) -> None:
    spoken = press(client, walk(client, until="story"), speak="es", title="", story="Every evening.")
    assert page_of(spoken).form("/concerns/new")["story"] == "Every evening."
    assert "error" not in page_of(spoken).html.lower().split("<main")[1].split("</form>")[0]
    pictures = press(client, walk(client, until="pictures"), speak="es", pictures=(jpeg(), "a.jpg"))
    assert "picture-0" in page_of(pictures).form("/concerns/new")


def test_the_answer_comes_in_the_language_that_was_chosen_unless_the_person_said_another(
    client: Client,
) -> None:
    spoken = press(client, walk(client, until="story"), speak="es")
    assert page_of(spoken).form("/concerns/new")["language"] == "es"
    contact = press(client, walk(client, until="contact"), language="pl")
    back = press(client, contact, go="contact", speak="")
    assert page_of(press(client, back, speak="en")).form("/concerns/new")["language"] == "pl"


@pytest.mark.parametrize("tag", ["xx", "", "es-MX", "../es"])
def test_a_language_that_is_not_offered_is_no_language(client: Client, tag: str) -> None:
    answer = press(client, walk(client, until="mode"), speak=tag, mode="private")
    assert (step_of(answer), page_of(answer).all("html")[0].get("lang")) == ("category", "en")


def test_the_receipt_has_no_link_that_would_lose_it(client: Client) -> None:
    answer = press(client, walk(client))
    assert "Your receipt code" in answer.text
    assert not [link for link in page_of(answer).links() if link.startswith("/language")]
    assert buttons(answer) == []


def test_the_thread_speaks_another_language_without_the_code_being_typed_again(
    client: Client, saved: Saved
) -> None:
    code = new_code()
    saved(lambda: concerns.concern(Mode.ANONYMOUS, code=code, title="Cars race"))
    token = client.page("/concerns/track").form("/concerns/track")
    thread = client.post("/concerns/track", data=token | {"code": code})
    assert buttons(thread) == [("with-code", "es")]
    fields = page_of(thread).form("/concerns/track")
    spoken = client.post("/concerns/track", data=fields | {"speak": "es"})
    page = page_of(spoken)
    assert (page.all("html")[0].get("lang"), "Cars race" in page.text()) == ("es", True)


def test_other_pages_keep_their_link(client: Client) -> None:
    send(client)
    for path in ("/events", "/concerns/track", "/concerns"):
        assert [link for link in client.page(path).links() if link.startswith("/language?to=es")]
