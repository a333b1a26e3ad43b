"""Tables as CSV that any spreadsheet may open: no cell can begin a formula. RFC 4180; OWASP ASVS 5.0, 1.2.10."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from flask import Response

from forum.core.words import fold

# A sign that begins a formula, also in its full-width form, at the start of a cell or, where a spreadsheet splits at
# semicolons or tabs instead of commas, at the start of what it would take for one.
_FORMULA = re.compile("(^|[;\t])(?=[ \u00a0]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")
_BOM = b"\xef\xbb\xbf"  # without it Excel takes UTF-8 for the machine's own 8-bit letters


def safe_cell(value: Any) -> str:
    """*value* as the text of a cell: None is empty, yes and no are words, and what could be a formula gets a ``'``.

    Moments are written to the minute, as they stand: bring them to the zone that is meant first.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value.isoformat(" ", "minutes") if isinstance(value, datetime) else str(value)
    return _FORMULA.sub(r"\1'", text.replace("\0", ""))


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV in UTF-8 with a byte order mark, CRLF at line ends, every cell quoted and safe."""
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return _BOM + out.getvalue().encode()


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """The table as a download called *name* (words; what a file name cannot hold is left out)."""
    response = Response(csv_bytes(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(name)}.csv"'
    return response


def _file_name(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")[:80] or "table"
