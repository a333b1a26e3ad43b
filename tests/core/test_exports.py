"""Tables for spreadsheets: what comes out is what went in, and no cell begins a formula."""

import csv
import io

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from forum.core.exports import csv_bytes, csv_response, safe_cell

pytestmark = pytest.mark.once
FORMULA = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"


def read(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@given(st.lists(st.lists(st.text(alphabet=st.sampled_from(FORMULA + " \n;,\"'a1é")), min_size=2, max_size=2)))
def test_no_cell_begins_a_formula_and_no_text_is_lost(rows: list[list[str]]) -> None:
    found = read(csv_bytes(["a", "b"], rows))[1:]
    assert len(found) == len(rows)
    for cells, given_cells in zip(found, rows, strict=True):
        for cell, text in zip(cells, given_cells, strict=True):
            assert not cell.lstrip(" ").startswith(tuple(FORMULA))
            assert cell.replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["=1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "a;=1+1", "＝1", -5])
def test_a_spreadsheet_that_splits_at_semicolons_meets_no_formula_either(text: object) -> None:
    cells = [cell for row in read(b"x;" + csv_bytes(["a"], [[text]])[3:], ";") for cell in row]
    assert not [cell for cell in cells if cell.startswith(tuple(FORMULA))]
    assert "'" in safe_cell(text)


def test_a_table_opens_in_excel_and_is_a_download(app: Flask) -> None:
    with app.test_request_context():
        response = csv_response("Peña: café", ["Name", "Away"], [["José", None], ["Ann", True]])
    assert response.data == '\ufeff"Name","Away"\r\n"José",""\r\n"Ann","yes"\r\n'.encode()
    assert response.headers["Content-Disposition"] == 'attachment; filename="pena-cafe.csv"'
