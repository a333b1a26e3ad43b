"""What is installed is what was locked, and the locks hold what setup.cfg asks for."""

import configparser
import re
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")
ENTRY = re.compile(
    r"^(?P<requirement>[^\s#][^\\]*?) \\\n(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)

pytestmark = pytest.mark.once


def locked(lock: str) -> dict[str, list[Requirement]]:
    """Requirements by name; a name has several where the version hangs on the Python."""
    found: dict[str, list[Requirement]] = {}
    for entry in ENTRY.finditer((ROOT / lock).read_text()):
        requirement = Requirement(entry["requirement"])
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def asked(section: str, option: str) -> list[Requirement]:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    lines = settings[section][option].splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_an_exact_version_with_hashes(lock: str) -> None:
    rest = ENTRY.sub("", (ROOT / lock).read_text())
    assert [line for line in rest.splitlines() if line and not line.startswith("#")] == []
    assert all(str(one.specifier).startswith("==") for several in locked(lock).values() for one in several)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text()


def test_what_runs_in_production_is_what_was_tested() -> None:
    tested = {name: sorted(map(str, several)) for name, several in locked("requirements-dev.txt").items()}
    runs = {name: sorted(map(str, several)) for name, several in locked("requirements.txt").items()}
    assert {name: tested.get(name) for name in runs} == runs


@pytest.mark.parametrize(
    ("section", "option", "lock"),
    (
        ("options", "install_requires", "requirements.txt"),
        ("options.extras_require", "redis", "requirements.txt"),
        ("options.extras_require", "test", "requirements-dev.txt"),
        ("options.extras_require", "dev", "requirements-dev.txt"),
    ),
)
def test_the_locks_hold_what_is_asked_for(section: str, option: str, lock: str) -> None:
    held = locked(lock)
    for requirement in asked(section, option):
        versions = [str(one.specifier)[2:] for one in held.get(canonicalize_name(requirement.name), [])]
        assert versions, f"{requirement} is not in {lock}; run `make lock`"
        assert all(requirement.specifier.contains(one) for one in versions), (
            f"{requirement} is older in {lock}"
        )


def test_the_environment_is_the_lock() -> None:
    wanted = {
        name: str(one.specifier)[2:]
        for name, several in locked("requirements-dev.txt").items()
        for one in several
        if one.marker is None or one.marker.evaluate()
    }
    assert {name: version(name) for name in wanted} == wanted
