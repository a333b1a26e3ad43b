"""Nothing that anybody writes runs or loads anything, wherever it is shown: every field, every view, every role.

Every text of the database and of every form is made hostile; then all that the site sends is looked at in Chromium,
with its Content-Security-Policy and without. A new column or field fails until it is filled or excused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from forum.accounts.addresses import is_address
from forum.core import search
from forum.core.forms import Form
from tests import injected
from tests.documents import Document, looked_at, opened, served
from tests.factories import neighborhoods
from tests.factories.site import Everything, everything
from tests.injected import HOST
from tests.injected_mails import hostile_mails
from tests.injecting import FIELDS_EXCUSED, SIDE_BY_SIDE, Walk, fields_of_all_forms

pytestmark = [pytest.mark.once, pytest.mark.browser]
# Columns that no page, feed or mail shows, by why.
UNSEEN = {
    "event.source_key": "what an import knows an event by",
    "concern_identity_reading.reason": "for who looks into it with the operator",
    "veil_lifting.reason": "for who looks into it with the operator",
    "event_message.text": "by mail alone (see the test of mails)",
    "moderation_original.title": "sealed with the text, and only that is opened",
    "guest_request.needs": "kept until the guest confirms, then needs",
    "mailed_link.name": "kept until the address is confirmed, then a person's",
    "post_draft.opens": "a moment, which is filled in again, and nothing else is",
    "beat.code": "too short to name itself",
}


@pytest.fixture
def site(app: Flask, saved: Callable[[Callable[[], Any]], Any]) -> Everything:
    def make() -> Everything:
        made = everything()
        injected.further(made)
        made.values["marks"] = injected.spoil()
        return made

    found: Everything = saved(make)
    with app.app_context():
        search.rebuild()
    return found


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """The fields of forms that were sent something hostile, by class and name, while the forms do what they do."""
    found: set[tuple[str, str]] = set()
    process = Form.process

    def note(form: Form, *args: Any, **kwargs: Any) -> None:
        process(form, *args, **kwargs)
        for each in type(form).__mro__:
            found.update(
                (each.__name__, field.short_name) for field in form if HOST in str(field.raw_data or "")
            )

    monkeypatch.setattr(Form, "process", note)
    return found


def test_nothing_that_anybody_writes_runs_or_loads_anything(
    app: Flask, site: Everything, chromium: Browser, typed: set[tuple[str, str]]
) -> None:
    walk = Walk(app, site)
    walk.read()
    faults, forms = looked_at(chromium, walk.documents)
    read = len(walk.documents)
    walk.ask(forms)
    walk.send(forms)
    walk.read_mail()
    faults += looked_at(chromium, walk.documents[read:])[0]
    assert faults == []
    assert walk.odd == []
    assert fields_of_all_forms() - typed == FIELDS_EXCUSED.keys()
    assert _unseen(site, walk.documents) == UNSEEN.keys()
    with served(app, walk.documents) as url:
        bare, as_sent = walk.addresses(read)
        assert len(bare) * SIDE_BY_SIDE > len(as_sent) > 90
        assert opened(chromium, [url + address for address in (*bare, *as_sent)]) == []


def _unseen(site: Everything, documents: list[Document]) -> set[str]:
    """The columns of whose words no document has any; one that no row has is among them."""
    html = "".join(document.html for document in documents)
    marks = site.values["marks"]
    return {name for name in injected.columns() if f"{HOST}/{marks.get(name)}/" not in html}


def test_no_mail_runs_or_loads_what_its_template_is_given(app: Flask, chromium: Browser) -> None:
    with app.test_request_context():
        mails = [Document("anybody", f"/{name}", html, is_mail=True) for name, html in hostile_mails(app)]
    assert len(mails) >= 30
    assert looked_at(chromium, mails)[0] == []
    with served(app, mails) as url:
        places = ",".join(str(place) for place, _mail in enumerate(mails))
        assert opened(chromium, [f"{url}/?together={places}"]) == []


def test_what_scripts_put_into_a_page_is_text(app: Flask, chromium: Browser, saved: Any) -> None:
    name = injected.line("area", 120)
    saved(lambda: search.renew("neighborhood", neighborhoods.neighborhood(name).id))
    asked: list[str] = []
    with served(app, []) as url:
        page = chromium.new_page(bypass_csp=True, base_url=url)
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/neighborhoods/find")
        page.locator("[data-zoomable]").click()
        page.locator("[data-map] path").first.hover()
        page.locator(".leaflet-tooltip").get_by_text(name).wait_for()
        page.goto("/search")
        page.locator("main input[data-suggest]").press_sequentially("javas")
        page.wait_for_function("document.querySelector('datalist option')")
        assert page.locator("datalist option").first.get_attribute("value") == name
        page.close()
    assert [address for address in asked if not address.startswith(url)] == []


def test_the_looks_find_what_they_are_for(app: Flask, chromium: Browser) -> None:
    shapes, line = injected.text("x").split("\n\n"), injected.line("x")
    contexts = (
        f"<main><a href=\"{line}\">x</a>", f"<title>{line}</title>", f"<textarea>{line}</textarea>",
        f"<script type='application/ld+json'>{line}</script>", f'<input value="{line}">', f"<input value='{line}'>",
        f'<input value="{shapes[12]}">', f"<input value='{shapes[13]}'>", f"<input value={shapes[14]}>",
    )  # fmt: skip
    raw = [Document("anybody", f"/{place}", html) for place, html in enumerate((*shapes, *contexts))]
    found = {fault.partition(" ")[0] for fault in looked_at(chromium, raw)[0]}
    # Those for Markdown and for attributes lie still as text.
    assert {each.path for each in raw} - found == {"/7", "/9", "/12", "/13", "/14"}
    with served(app, raw) as url:
        ran = opened(chromium, [f"{url}/?together=0,1,2"])
    assert len({fault.partition(" ")[0] for fault in ran if HOST in fault}) == 3


def test_no_address_takes_what_marks_elements() -> None:
    for word in (injected.line("x"), '"<img src=x>"@example.org', "<i>@example.org", '"x y"@example.org'):
        assert not is_address(word)
