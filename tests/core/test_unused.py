"""What a process does not import: every worker pays for each package, and libraries import what they find."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from forum.core.unused import without

pytestmark = pytest.mark.once

UNUSED = "rich.console greenlet redis psycopg".split()
PROCESS = """
import sys
from pathlib import Path
from forum import create_app
from forum.config import Config
app = create_app(Config(environment="demonstration", instance_dir=Path(sys.argv[1])).completed())
app.extensions["jobs"].open()
import forum.core.worker
print(*sys.modules)
"""


def test_a_site_with_files_alone_imports_no_client_of_a_server_and_no_colors(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROCESS, str(tmp_path)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = found.stdout.split()
    assert "huey.consumer" in loaded
    assert [name for name in UNUSED if name in loaded] == []


def test_a_package_is_out_of_reach_within_the_block_alone() -> None:
    sys.modules.pop("this", None)
    with without("this"), pytest.raises(ImportError):
        import this  # noqa: F401
    assert "this" not in sys.modules


def test_a_package_in_use_stays_in_reach() -> None:
    with without("json"):
        import json
    assert sys.modules["json"] is json
