"""What calendars show before and after each change, written down: ``make record`` writes the page in docs.

Weeks are counted from next Monday, so that a record made on another day reads the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

from forum import create_app
from forum.config import Config
from tests import servers
from tests.interop.conftest import Shown, Town, local
from tests.interop.desk import CHANGES, Change, build, meant, monday
from tests.interop.icaljs import ical_js
from tests.interop.libical import Libical, libical_library
from tests.interop.readers import InBrowser, InLibical, InPython, InTerminal, Reader

RECORD = Path(__file__).parents[2] / "docs" / "calendars-recorded.md"
PUBLIC = "/events.ics"
PACKAGES = ("vdirsyncer", "khal", "icalendar", "recurring-ical-events")
ICAL_JS = "ical.js 2.2.1"  # tests/vendor/README.md
PAGE = """\
# Calendars, recorded

What calendar programs show of a running site before and after each change. They subscribed once (to `/events.ics`; the
last two to a resident's personal calendar) and fetched again after each change. Every series began as six Tuesdays at
18:30. Weeks count from the Monday after the run; times are the town's. "As meant" compares each start, end, title and
status with what the site means, and finds no entry left over.

`make record` writes this page anew; `tests/interop/test_recorded.py` makes the same run and compares.
[calendars.md](calendars.md) says what the feeds hold. The last record was made with
{programs}.

| change | program | before | after | as meant |
|---|---|---|---|---|
{lines}
"""


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    change: str
    program: str
    before: str
    after: str
    agrees: bool

    def __str__(self) -> str:
        cells = (self.change, self.program, self.before, self.after, "yes" if self.agrees else "**no**")
        return f"| {' | '.join(cells)} |"


def recorded() -> list[Line]:
    """Subscribe every program to a new town, make each change, and note what each shows."""
    with town_to_record() as (town, personal), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="forum-record-")))
        page, libical = stack.enter_context(ical_js()), Libical(libical_library())
        subscribed: dict[str, list[Reader]] = {
            path: [
                InTerminal(folder / str(number), town.site.url + path),
                InBrowser(page),
                InLibical(libical),
                InPython(),
            ]
            for number, path in enumerate((PUBLIC, personal))
        }
        for path, readers in subscribed.items():
            fetch(town, path, readers)
        return [
            line for change in CHANGES for line in followed(town, change, *_of(change, personal, subscribed))
        ]


def _of(change: Change, personal: str, subscribed: dict[str, list[Reader]]) -> tuple[str, list[Reader]]:
    path = personal if change.personal else PUBLIC
    return path, subscribed[path]


def followed(town: Town, change: Change, path: str, readers: list[Reader]) -> Iterator[Line]:
    """Make *change*; a line for each program."""
    before = [about(change, reader) for reader in readers]
    body = town.body(path)
    town.change(lambda: change.does(change.title))
    town.wait_for(path, body)
    fetch(town, path, readers)
    truth = meant(town, change)
    for reader, earlier in zip(readers, before, strict=True):
        later = about(change, reader)
        yield Line(change.words, reader.name, in_words(earlier), in_words(later), later == truth)


def fetch(town: Town, path: str, readers: list[Reader]) -> None:
    body = town.body(path)
    for reader in readers:
        reader.fetch(body)


def about(change: Change, reader: Reader) -> list[Shown]:
    """What the program shows of what *change* is about."""
    return [entry for entry in reader.shows() if entry.title.endswith(change.title)]


def in_words(shown: list[Shown]) -> str:
    """Entries of the same weekday, times and status together: "Tue 18:30-19:30 in weeks 1, 2"."""
    placed = sorted((_words_of(entry), _week(entry)) for entry in shown)
    grouped = groupby(placed, key=lambda pair: pair[0])
    spans = [(words, [week for _, week in of]) for words, of in grouped]
    spans.sort(key=lambda pair: pair[1])
    return "; ".join(f"{words} in {_weeks(weeks)}" for words, weeks in spans) or "nothing"


def _words_of(entry: Shown) -> str:
    start, end = local(entry.start), local(entry.end)
    off = "cancelled: " if entry.status == "CANCELLED" and entry.title.startswith("Cancelled: ") else ""
    return f"{off}{start:%a %H:%M}-{end:%H:%M}"


def _weeks(weeks: list[int]) -> str:
    if len(weeks) == 1:
        return f"week {weeks[0]}"
    if len(weeks) > 2 and weeks == list(range(weeks[0], weeks[-1] + 1)):
        return f"weeks {weeks[0]} to {weeks[-1]}"
    return f"weeks {', '.join(map(str, weeks))}"


def _week(entry: Shown) -> int:
    return (local(entry.start) - monday()) // timedelta(weeks=1) + 1


@contextmanager
def town_to_record() -> Iterator[tuple[Town, str]]:
    """A running site, and the path of a resident's personal calendar."""
    with servers.running_site(start=False) as site:
        config = Config.from_env({k: v for k, v in site.environment.items() if k.startswith("FORUM_")})
        town = Town(site, create_app(config))
        token = town.change(build)
        site.start()
        yield town, f"/calendar/{token}.ics"


def page_of(lines: list[Line]) -> str:
    """The page in docs."""
    programs = [f"{name} {version(name)}" for name in PACKAGES]
    return PAGE.format(
        programs=", ".join([*programs, ICAL_JS, "libical 3"]), lines="\n".join(map(str, lines))
    )


if __name__ == "__main__":
    RECORD.write_text(page_of(recorded()), encoding="utf-8")
    print(f"Written: {RECORD}")
