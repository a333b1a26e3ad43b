"""A person at a browser: goes, reads, clicks; and every page is checked on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.servers.browser import PATIENCE

# A bar that sticks to the window's edge lies over what scrolls beneath it, now over this and now over that: axe would
# call what is half under it too small. At the end of the page it lies over nothing.
AT_THE_END = "() => window.scrollTo({top: document.body.scrollHeight, behavior: 'instant'})"
AXE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
RUN_AXE = """async (tags) => {
  const only = tags ? {runOnly: {type: 'tag', values: tags}, rules: {'target-size': {enabled: true}}}
                    : {runOnly: {type: 'rule', values: ['color-contrast']}};
  const found = await axe.run(document, {...only, resultTypes: ['violations']});
  return found.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '));
}"""
# What stands out of the window: its elements, since "the page scrolls" alone would not say what to mend.
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= wide) return [];
  return [...document.body.querySelectorAll('*')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > wide + 1 || box.left < -1);
  }).slice(0, 5).map(e => e.outerHTML.slice(0, 120)).concat('the page scrolls sideways');
}"""


class Reader:
    """One browser window. ``faults`` collects what went wrong on any page; ``close`` ends with an assertion on it."""

    def __init__(
        self,
        browser: Browser,
        base_url: str,
        *,
        cookie: str = "",
        scripts: bool = True,
        width: Any = None,
        **context: Any,
    ) -> None:
        self.base_url, self.scripts, self.faults = base_url, scripts, list[str]()
        self.context = browser.new_context(
            base_url=base_url, viewport=width or WIDE, java_script_enabled=scripts, reduced_motion="reduce",
            locale=context.pop("locale", "en-US"), **context,
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        if cookie:
            name, _, value = cookie.partition("=")
            self.context.add_cookies([{"name": name, "value": value, "url": base_url}])
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._asked)
        self.visited: set[str] = set()

    def go(self, path: str) -> None:
        """Open *path* and check the page."""
        answer = self.page.goto(path)
        if answer is not None and answer.status >= 400:
            self.faults.append(f"{answer.status} for {path}")
        self.check()

    def press(self, name: str, role: Any = "button", **where: Any) -> None:
        """Press the button (or link) with this name, and check what comes."""
        self.page.get_by_role(role, name=name, **where).first.click()
        self.page.wait_for_load_state()
        self.check()

    def fill(self, **fields: str) -> None:
        """Fill the fields by their names; a date or time as its input takes it."""
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").first.fill(value)

    def choose(self, name: str, value: str) -> None:
        self.page.locator(f"main select[name={name}]").first.select_option(value)

    def answer(self, word: str, party: int = 1) -> None:
        """Fill the RSVP form that is on the page and send it."""
        self.page.locator(f"main input[name=answer][value={word}]").first.check()
        self.fill(party_size=str(party))
        self.press("Save my answer")

    def reads(self, words: str) -> None:
        """The page shows these words somewhere, and is whole: its scripts hear what is pressed next."""
        self.page.get_by_text(words).first.wait_for()
        self.page.wait_for_load_state()

    def check(self) -> None:
        """Once a page: axe with WCAG 2.2 AA and the size of targets, and nothing stands out of the window."""
        mark = f"{self.page.url.partition('?')[0]} {self.page.title()}"
        if not self.scripts or mark in self.visited:
            return
        self.visited.add(mark)
        before = self.page.evaluate("() => window.scrollY")
        self.page.evaluate(AT_THE_END)
        self.axe(TAGS)
        self.page.evaluate("top => window.scrollTo({top, behavior: 'instant'})", before)
        self.overflow()

    def axe(self, tags: list[str] | None) -> None:
        """Run axe with *tags*, or with None its rule for contrast alone."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate(RUN_AXE, tags)
        self.faults += [f"{self._where()}: {violation}" for violation in found]

    def overflow(self) -> None:
        self.faults += [f"{self._where()}: {element}" for element in self.page.evaluate(OVERFLOW)]

    def close(self) -> None:
        self.context.close()
        assert self.faults == [], "\n".join(self.faults)

    def _where(self) -> str:
        size = self.page.viewport_size or {}
        return f"{urlsplit(self.page.url).path} at {size.get('width')}"

    def _heard(self, message: ConsoleMessage) -> None:
        refused = "422" in message.text  # a form that comes back with what to mend is no fault of the page
        if message.type == "error" and not refused:
            self.faults.append(f"{self.page.url} console: {message.text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(self.base_url).netloc:
            self.faults.append(f"{self.page.url} asked {request.url}")
