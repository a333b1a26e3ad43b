"""`flask backup`: a whole copy while others write, and nothing half."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from flask import Flask

from forum.core.transactions import unit_of_work
from forum.notifications.operations import notify
from tests.conftest import BACKEND

pytestmark = pytest.mark.skipif(BACKEND != "sqlite", reason="PostgreSQL has its own tools")


def rows(path: Path) -> int:
    database = sqlite3.connect(path)
    try:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(database.execute("SELECT count(*) FROM notification").fetchone()[0])
    finally:
        database.close()


def test_a_backup_under_write_load_is_whole(app: Flask, tmp_path: Path) -> None:
    stop, written = threading.Event(), [0]

    def write() -> None:
        with app.app_context():
            while not stop.is_set():
                with unit_of_work():
                    notify(person_id=1, kind="test", key=f"test:{written[0]}")
                written[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        for number in range(3):
            before = written[0]
            done = app.test_cli_runner().invoke(args=["backup", str(tmp_path / f"{number}.db")])
            assert done.exit_code == 0, done.output
            counts.append(rows(tmp_path / f"{number}.db"))
            assert before <= counts[-1] <= written[0] + 1
    finally:
        stop.set()
        writer.join()
    assert (tmp_path / "0.db").stat().st_mode & 0o777 == 0o600


def test_a_backup_overwrites_nothing_and_leaves_nothing_half(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "kept.db").write_text("precious")
    refused = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "kept.db")])
    assert refused.exit_code == 1
    assert (tmp_path / "kept.db").read_text() == "precious"
    failed = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "nowhere" / "copy.db")])
    assert failed.exit_code == 1
    assert "Traceback" not in failed.output
    assert [path.name for path in tmp_path.iterdir()] == ["kept.db"]
