"""vdirsyncer fetches, khal shows: the way a calendar gets into a terminal."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from forum.core import clock
from tests.interop.conftest import CHICAGO, DAYS, Shown, utc

VDIRSYNCER = """
[general]
status_path = "{folder}/status/"
[pair town]
a = "remote"
b = "local"
collections = null
[storage remote]
type = "http"
url = "{url}"
[storage local]
type = "filesystem"
path = "{folder}/calendar/"
fileext = ".ics"
"""
KHAL = """
[calendars]
[[town]]
path = {folder}/calendar/
readonly = True
[locale]
local_timezone = America/Chicago
default_timezone = America/Chicago
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""


class Terminal:
    """A folder with both programs set up for one feed."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        for name, text in (("vdirsyncer.conf", VDIRSYNCER), ("khal.conf", KHAL)):
            (folder / name).write_text(text.format(folder=folder, url=url))
        (folder / "calendar").mkdir()
        self._run("vdirsyncer", "discover")

    def fetch(self) -> str:
        """Synchronize; returns what the program said it did."""
        return self._run("vdirsyncer", "sync")

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (self.folder / "calendar").iterdir()}

    def shows(self) -> list[Shown]:
        """What khal lists from today on."""
        columns = [
            f"--json={name}" for name in ("uid", "title", "start-long", "end-long", "all-day", "status")
        ]
        listed = self._run("khal", "list", "--notstarted", *columns, clock_today(), f"{DAYS}d")
        found = [entry for line in listed.splitlines() if line.startswith("[") for entry in json.loads(line)]
        return sorted(set(map(self._shown, found)))  # khal repeats an event on each of its days

    def _shown(self, entry: dict[str, Any]) -> Shown:
        start, end = entry["start-long"], entry["end-long"]
        if entry["all-day"] == "True":
            end = (date.fromisoformat(end) + timedelta(days=1)).isoformat()
        else:
            start, end = (utc(datetime.fromisoformat(text).replace(tzinfo=CHICAGO)) for text in (start, end))
        return Shown(start, end, entry["title"], entry["status"].strip())

    def _run(self, program: str, *arguments: str) -> str:
        path = Path(sys.executable).with_name(program)
        if not path.exists():
            pytest.skip(f"client: {program} is not installed")
        command = [str(path), "-c", str(self.folder / f"{program}.conf"), *arguments]
        environment = {"HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


def clock_today() -> str:
    return clock.now().astimezone(CHICAGO).date().isoformat()
