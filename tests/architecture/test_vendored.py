"""What we took from other projects is exactly what they published, and nothing came in unlisted."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "static/vendor", ROOT / "tests/vendor"]
pytestmark = pytest.mark.once
ROW = re.compile(
    r"^\| `(?P<file>[^`]+)` \| [\w.-]+ \| [\d.]+ \| [\w.-]+ \| `(?P<sha256>[0-9a-f]{64})` \|$", re.M
)


def listed(folder: Path) -> dict[str, str]:
    """Hash by file, as the folder's README states them."""
    return {row["file"]: row["sha256"] for row in ROW.finditer((folder / "README.md").read_text())}


def present(folder: Path) -> dict[str, str]:
    """Hash by file, as they are; license texts and the README are ours to place."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name != "README.md" and not path.name.startswith("LICENSE")
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=["static", "tests"])
def test_every_vendored_file_is_listed_with_its_hash(folder: Path) -> None:
    assert listed(folder)
    assert present(folder) == listed(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=["static", "tests"])
def test_every_vendored_package_keeps_its_license(folder: Path) -> None:
    packages = {file.split("/")[0] for file in listed(folder)}
    assert [name for name in sorted(packages) if not (folder / name / "LICENSE").is_file()] == []
