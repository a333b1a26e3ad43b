"""What tests need and no wheel brings: Debian packages, named once, here."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from tests.servers.browser import find_chromium, find_shell, install_from_playwright


@dataclass(frozen=True)
class Need:
    """Something outside the virtual environment; ``found`` returns where it is, or None."""

    name: str
    package: str
    found: Callable[[], str | None]
    otherwise: Callable[[], None] | None = None  # how to get it without the distribution's package
    optional: bool = False  # nothing is missing without it


def _libical() -> str | None:
    for name in ("libical.so.3", "libical.so.4", "libical.dylib"):
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return name
    return None


SYSTEM_PACKAGES = (
    Need("Chromium's headless shell", "chromium-headless-shell", find_shell, optional=True),
    Need("Chromium, for journeys and ical.js", "chromium", find_chromium, install_from_playwright),
    Need("libical, the calendar parser of GNOME and KDE", "libical3", _libical),
)


def ensure() -> list[str]:
    """Install what is missing, as far as we may; print what there is; return what is still missing, in words."""
    may_install = os.geteuid() == 0 and shutil.which("apt-get") is not None
    still_missing = []
    for need in SYSTEM_PACKAGES:  # in this order: who has the shell needs no other Chromium
        if need.found() is None and may_install:
            _apt_install(need.package, tries=1 if need.optional else 2)  # mirrors answer badly now and then
        where = need.found() or _by_other_means(need)
        print(f"{need.name}: {where or 'missing'}")
        if where is None and not need.optional:
            still_missing.append(
                f"{need.name} is missing. On Debian and Ubuntu: sudo apt-get install {need.package}"
            )
    return still_missing


def _apt_install(package: str, tries: int) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    for _ in range(tries):
        subprocess.run(["apt-get", "update", "-qq"], env=environment)
        if _succeeds(install, environment):
            return


def _succeeds(command: list[str], environment: dict[str, str]) -> bool:
    print(" ".join(command), flush=True)
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode == 0


def _by_other_means(need: Need) -> str | None:
    if need.otherwise is None:
        return None
    try:
        need.otherwise()
    except subprocess.CalledProcessError as error:
        print(f"{need.name}: {error}")
    return need.found()
