"""The handbook says what the importer does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forum.demo.calendar import rows
from forum.events.importing import chicago, csv

pytestmark = pytest.mark.once

TEXT = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


def test_the_report_table_in_the_docs_is_the_report() -> None:
    written = re.findall(r"^\| (.+?) \| ([\d,]+) \| (.+?) \|$", TEXT, re.M)
    report = chicago.from_rows(rows()).report
    assert written == [(case.name, f"{case.count:,}", case.done) for case in report]


def test_every_column_of_a_table_is_in_the_docs() -> None:
    for aliases in csv.COLUMNS.values():
        assert f"`{aliases[0]}`" in TEXT
