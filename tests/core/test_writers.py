"""Writers of an SQLite file queue: fairly, without loss, and not behind the dead."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, g, request

from forum.core import db as core
from forum.core import writers

pytestmark = pytest.mark.once

COUNTER = "UPDATE counter SET number = number + 1"
# One for all threads: CPython 3.11 (gh-106905) has failed where two of them parsed the code of their routes at once.
TOY = Flask("toy")


def engine_for(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}", **core.engine_options(f"sqlite:///{path}"))
    core.prepare(engine)
    return engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    made = engine_for(tmp_path / "town.db")
    with made.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE counter (number INTEGER)")
        connection.exec_driver_sql("INSERT INTO counter VALUES (0)")
        connection.commit()
    yield made
    made.dispose()


def write(engine: sa.Engine, times: int, fails: bool = False) -> None:
    with TOY.app_context():
        g.writing = True
        for _ in range(times):
            with engine.connect() as connection:
                connection.exec_driver_sql(COUNTER)
                if fails:
                    connection.rollback()
                else:
                    connection.commit()


def number(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT number FROM counter").scalar_one())


def test_threads_take_turns_and_lose_nothing(engine: sa.Engine) -> None:
    threads = [threading.Thread(target=write, args=(engine, 20, turn % 2 == 1)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert number(engine) == 80


def test_a_write_that_fails_gives_its_turn_back(engine: sa.Engine) -> None:
    with TOY.app_context():
        g.writing = True
        with pytest.raises(sa.exc.OperationalError), engine.begin() as connection:
            connection.exec_driver_sql("UPDATE nothing SET number = 1")
    write(engine, 1)
    assert number(engine) == 1


HOLDER = """
import sys, time
from pathlib import Path
from flask import Flask, g
from tests.core.test_writers import COUNTER, engine_for
with Flask("toy").app_context():
    g.writing = True
    with engine_for(Path(sys.argv[1])).connect() as connection:
        connection.exec_driver_sql(COUNTER)
        print("holding", flush=True)
        time.sleep(300)
"""


def test_a_killed_writer_holds_nobody_up_and_leaves_nothing_behind(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "PATIENCE", 120)  # whoever waits that long was not woken by the death
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "town.db")]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "holding\n"
    waiting = threading.Thread(target=write, args=(engine, 1))
    waiting.start()
    time.sleep(0.1)
    assert waiting.is_alive()
    assert number(engine) == 0
    began = time.monotonic()
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    waiting.join(60)
    assert number(engine) == 1
    assert time.monotonic() - began < 60


STOPPED = """
import fcntl, os, signal, sys
descriptor = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(descriptor, fcntl.LOCK_EX)
print("holding", flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
"""


def test_a_stopped_process_that_has_the_turn_costs_one_wait(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "PATIENCE", 1)
    write(engine, 1)
    command = [sys.executable, "-c", STOPPED, str(tmp_path / "town.db.writers")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holding\n"
        began = time.monotonic()
        write(engine, 60)
        assert 1 <= time.monotonic() - began < 30  # sixty waits would be a minute
        holder.kill()
    assert number(engine) == 61
    write(engine, 5)
    assert number(engine) == 66


@pytest.fixture
def busy_app() -> Flask:
    """An application whose view tells how many of it run at once."""
    app = Flask("toy")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///town.db"
    writers.init_app(app)
    running: list[int] = []
    another = threading.Condition()

    @app.route("/", methods=["GET", "POST"])
    def view() -> str:
        """The number of views that run, after waiting so many seconds for a second one."""
        with another:
            running.append(1)
            another.notify_all()
            another.wait_for(lambda: len(running) > 1, timeout=float(request.args.get("seconds", 0)))
        time.sleep(0.05)
        together = len(running)
        running.pop()
        return str(together)

    @app.post("/hash")
    def hashing() -> str:
        with writers.lane.aside():
            return view()

    @app.post("/fails")
    def fails() -> str:
        raise ZeroDivisionError

    return app


def together(app: Flask, method: str, path: str) -> int:
    """The most views that ran at once when four were asked for."""
    found: list[int] = []

    def ask() -> None:
        found.append(int(app.test_client().open(path, method=method).data))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(found)


def test_one_writing_request_of_a_process_computes_at_a_time(
    busy_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "LANE_PATIENCE", 120)
    assert busy_app.test_client().post("/fails").status_code == 500
    assert together(busy_app, "POST", "/") == 1
    assert together(busy_app, "GET", "/?seconds=60") > 1
    assert together(busy_app, "POST", "/hash?seconds=60") > 1
    assert together(busy_app, "POST", "/") == 1


def test_a_slow_body_is_waited_for_outside_the_lane(busy_app: Flask) -> None:
    seen: list[bool] = []

    class Body(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            seen.append(writers.lane._mutex.locked())
            return super().read(size)

    answer = busy_app.test_client().post("/", input_stream=Body(b"a=1"), content_length=3)
    assert (answer.data, seen[0]) == (b"1", False)


def test_nobody_waits_for_ever_in_the_lane(busy_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "LANE_PATIENCE", 0.05)
    with busy_app.app_context():
        writers.lane.enter()
        try:
            assert busy_app.test_client().post("/").data == b"1"
        finally:
            writers.lane.leave()
    assert together(busy_app, "POST", "/") >= 1
