"""«Which is mine?» in a real browser: the drawing, the map to zoom, the device's own place; nobody else is asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.servers import running_site

pytestmark = [pytest.mark.browser, pytest.mark.once]

FIVE = Path(__file__).parent / "data/five_areas.geojson"
LOGAN_SQUARE = {"latitude": 41.9231, "longitude": -87.7093}
AXE = Path(__file__).parents[1] / "vendor/axe-core/axe.min.js"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running_site(start=False) as site:
        site.flask("neighborhoods", "import", str(FIVE))
        site.start()
        yield site.url


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The page of a browser that stands in Logan Square; a request to anyone else fails the test."""
    context = chromium.new_context(base_url=address, geolocation=LOGAN_SQUARE, permissions=["geolocation"])
    asked: list[str] = []
    faults: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("/neighborhoods/find")
    yield page
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert faults == []
    context.close()


def open_map(page: Page) -> None:
    page.get_by_role("button", name="Open a map to zoom").click()
    expect(page.locator(".leaflet-interactive")).to_have_count(5)


def test_pressing_the_drawing_opens_an_areas_page(page: Page) -> None:
    page.locator("[data-town] a[href$='/bucktown'] path").click()
    page.wait_for_url("**/neighborhoods/bucktown")


def test_leaflet_is_not_loaded_before_the_map_is_opened(page: Page) -> None:
    assert not page.evaluate("'L' in window")
    open_map(page)
    assert page.evaluate("'L' in window")


def test_pressing_an_area_on_the_map_names_it(page: Page) -> None:
    open_map(page)
    page.locator(".leaflet-interactive").nth(4).click()
    expect(page.get_by_role("status")).to_have_text("That is Wicker Park. Open its page")
    page.get_by_role("link", name="Open its page").click()
    page.wait_for_url("**/neighborhoods/wicker-park")


def test_where_i_am_is_worked_out_on_the_device(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    page.get_by_role("button", name="Use where I am").click()
    expect(page.get_by_role("status")).to_have_text("That is Logan Square. Open its page")
    assert [url for url in sent if "41.9" in url or "87.7" in url] == []
    expect(page.locator("[data-town] a[href$='/logan-square'] path")).to_have_class("here")
    open_map(page)
    expect(page.locator(".leaflet-interactive.here")).to_have_count(1)


def test_a_device_elsewhere_is_told_so(page: Page) -> None:
    page.context.set_geolocation({"latitude": 0, "longitude": 0})
    page.get_by_role("button", name="Use where I am").click()
    expect(page.get_by_role("status")).to_have_text("That is in none of our neighborhoods.")


def test_a_device_that_does_not_say_is_answered_kindly(page: Page) -> None:
    page.context.clear_permissions()
    page.get_by_role("button", name="Use where I am").click()
    expect(page.get_by_role("status")).to_contain_text("Your device did not say where it is")


def test_the_map_has_no_accessibility_fault(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, bypass_csp=True)
    page = context.new_page()
    page.goto("/neighborhoods/find")
    open_map(page)
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run({rules: {'target-size': {enabled: true}}})")
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
    context.close()


def test_without_javascript_the_point_and_the_list_do_the_same(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/neighborhoods/find")
    expect(page.get_by_role("button", name="Open a map to zoom")).to_have_count(0)
    page.get_by_label("Latitude, longitude").fill("41.9231, -87.7093")
    page.get_by_role("button", name="Find it").click()
    expect(page.get_by_text("That point lies in Logan Square.")).to_be_visible()
    page.get_by_role("link", name="Wicker Park").click()
    page.wait_for_url("**/neighborhoods/wicker-park")
    context.close()
