"""A visitor who walks through the form, one step after another, as a browser without JavaScript does."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image
from werkzeug.test import TestResponse

from tests.pages import Client, Page

ANSWERS: dict[str, dict[str, Any]] = {
    "mode": {"mode": "anonymous"},
    "category": {"category": "speeding"},
    "story": {"title": "Cars race down Palmer", "story": "Every evening after nine."},
    "place": {"place": "Palmer and Kedzie"},
    "contact": {},
    "pictures": {},
    "review": {},
}


def page_of(answer: TestResponse) -> Page:
    return Page(answer.get_data(as_text=True))


def step_of(answer: TestResponse) -> str:
    """The step that a page asks for; "" when it is the receipt."""
    fields = [field for form in page_of(answer).forms() for field in form.iter("input")]
    return next((str(field.get("value")) for field in fields if field.get("name") == "step"), "")


def press(client: Client, answer: TestResponse, status: int = 200, **typed: Any) -> TestResponse:
    """Fill in the form of *answer* and send it."""
    fields = page_of(answer).form("/concerns/new") | typed
    given = {name: value for name, value in fields.items() if value is not None}
    found = client.post("/concerns/new", data=given, content_type="multipart/form-data")
    assert found.status_code == status, (found.status_code, page_of(found).text()[:600])
    return found


def walk(client: Client, until: str = "review", **changes: dict[str, Any]) -> TestResponse:
    """Go through the steps up to the page that asks for *until*; *changes* by step."""
    answer: TestResponse = client.get("/concerns/new")
    for _turn in range(12):
        step = step_of(answer)
        if step == until and "danger now" not in page_of(answer).text():
            return answer
        answer = press(client, answer, **(ANSWERS[step] | changes.get(step, {})))
    raise AssertionError(f"never came to {until}")


def send(client: Client, **changes: dict[str, Any]) -> tuple[str, str]:
    """Raise one and give (receipt code, text of the receipt page)."""
    review = walk(client, **changes)
    code = page_of(review).form("/concerns/new")["code"]
    return code, page_of(press(client, review)).text()


def jpeg(size: tuple[int, int] = (64, 48), **options: Any) -> BytesIO:
    """A photograph."""
    written = BytesIO()
    Image.new("RGB", size, (20, 120, 200)).save(written, "JPEG", **options)
    written.seek(0)
    return written
