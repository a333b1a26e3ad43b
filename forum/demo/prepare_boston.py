"""Makes Boston's two files of `data/` from the public sources: only the columns that a load needs, packed.

    python -m forum.demo.prepare_boston REQUESTS.csv NEIGHBORHOODS.geojson [FOLDER]

Run again, it writes the same bytes. Numbers of cases, streets and police districts are left out; the oddities stay.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
import sys
from pathlib import Path

from forum.demo.prepare import DATA, boundaries

KEPT = ("opened", "target", "closed", "status", "type", "neighborhood", "latitude", "longitude", "source")


def trimmed(text: str) -> str:
    """The rows of *text* in their order, with the columns that are kept."""
    out = io.StringIO()
    writer = csv.DictWriter(out, KEPT, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(csv.DictReader(io.StringIO(text)))
    return out.getvalue()


def main(arguments: list[str]) -> None:
    """Writes both files; see the module's docstring."""
    requests, neighborhoods, folder = Path(arguments[0]), Path(arguments[1]), Path([*arguments, str(DATA)][2])
    packed = lzma.compress(trimmed(requests.read_text("utf-8")).encode(), preset=9 | lzma.PRESET_EXTREME)
    (folder / "boston_311.csv.xz").write_bytes(packed)
    areas = boundaries(json.loads(neighborhoods.read_text("utf-8")))
    plain = json.dumps(areas, separators=(",", ":")).encode()
    (folder / "boston_neighborhoods.geojson.gz").write_bytes(gzip.compress(plain, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1:])
