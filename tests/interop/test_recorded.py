"""The record of calendars before and after each change is what programs show today."""

from __future__ import annotations

import pytest

from tests.interop.recording import RECORD, recorded

pytestmark = [
    pytest.mark.once,
    pytest.mark.browser,
    *(pytest.mark.client(name) for name in ("vdirsyncer", "khal", "ical.js", "libical")),
]


def test_every_program_follows_every_change_as_recorded() -> None:
    lines = recorded()
    assert [str(line) for line in lines if not line.agrees] == []
    kept = [line for line in RECORD.read_text(encoding="utf-8").splitlines() if line.endswith(" yes |")]
    assert list(map(str, lines)) == kept, "`make record` writes what is shown now into docs/"
