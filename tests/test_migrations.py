"""Migrations: from nothing to the models and back, with rows in the tables, on either database, killed or not."""

from __future__ import annotations

import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from forum import create_app
from forum.config import Config
from forum.core.migrations import current_revision, has_a_model, newest_revision
from forum.core.transactions import unit_of_work
from forum.extensions import db
from tests import servers
from tests.factories.site import everything
from tests.servers.ports import wait_until
from tests.servers.site import ROOT
from tests.servers.town import KEY, backend

VERSIONS = sorted((ROOT / "migrations" / "versions").glob("[0-9]*.py"))
KILLS = 3
# Tables of which a step down must leave rows out, since older versions cannot hold them: who has no account.
NOT_HELD = {"0007_notices": {"notification"}, "0006_answers": {"rsvp"}}


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """An empty database of this test's own."""
    if backend() == "postgresql":
        with servers.postgres_database("forum_migrations") as made:
            yield made
    else:
        yield f"sqlite:///{tmp_path / 'forum.db'}"


@pytest.fixture
def fresh(url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application over it, in its context, not migrated."""
    config = Config(
        environment="test",
        secret_key=KEY,
        base_url="http://localhost",
        database_url=url,
        instance_dir=tmp_path,
    )
    app = create_app(config.completed())
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_migrations_make_what_the_models_say(fresh: Flask) -> None:
    upgrade()
    assert current_revision() == newest_revision()
    assert differences() == []


def test_what_goes_up_comes_down_and_goes_up_again(fresh: Flask) -> None:
    upgrade()
    first = schema()
    downgrade(revision="base")
    assert tables() <= {"alembic_version"}
    upgrade()
    assert schema() == first


def test_rows_survive_a_step_down_and_up(fresh: Flask) -> None:
    """What a step back takes away is its own tables' rows; everything older stays as it was."""
    upgrade()
    fill()
    for path in reversed(VERSIONS[1:]):
        before = counts()
        downgrade()
        left = counts()
        kept = left.keys() - NOT_HELD.get(path.stem, set())
        assert {name: left[name] for name in kept} == {name: before[name] for name in kept}, path.stem
    upgrade()
    assert differences() == []
    assert counts()["person"] == 0  # dropped and made again with the second step


def test_a_filled_database_can_be_migrated_to_the_newest_again(fresh: Flask) -> None:
    upgrade()
    fill()
    before = counts()
    downgrade(revision="-1")
    older = counts().keys()  # what the newest version brought goes with it
    upgrade()
    after = counts()
    assert {name: after[name] for name in older} == {name: before[name] for name in older}
    assert foreign_keys() == []


def test_versions_are_named_like_their_files_and_follow_each_other() -> None:
    earlier = None
    for path in VERSIONS:
        source = path.read_text()
        revision = re.search(r'^revision = "(.+)"$', source, re.M)
        follows = re.search(r'^down_revision = (?:"(.+)"|None)$', source, re.M)
        assert revision
        assert follows
        assert (revision[1], follows[1]) == (path.stem, earlier)
        assert "def downgrade() -> None:" in source
        assert "from forum" not in source, "a migration stands alone: models change, it must not"
        earlier = path.stem


def test_a_killed_migration_leaves_the_old_schema_or_the_new(fresh: Flask, url: str, tmp_path: Path) -> None:
    dice = random.Random(18)
    seen = set()
    for _ in range(KILLS):
        kill_while_migrating(url, tmp_path, dice)
        seen.add(revision := current_revision())
        assert revision in (None, newest_revision())
        if revision is None:
            assert tables() <= {"alembic_version"}
        else:
            assert differences() == []
            db.engine.dispose()
            downgrade(revision="base")
    upgrade()
    assert differences() == []
    print(f"after {KILLS} kills the database was at {seen}")


def kill_while_migrating(url: str, instance: Path, dice: random.Random) -> None:
    """Start `flask db upgrade` in a process of its own and kill it once it has begun, or let it end if it is quick."""
    environment = {
        "PATH": "/usr/bin:/bin", "FORUM_ENVIRONMENT": "test", "FORUM_INSTANCE_DIR": str(instance),
        "FORUM_DATABASE_URL": url, "FORUM_SECRET_KEY": KEY, "FORUM_BASE_URL": "http://localhost",
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    while process.poll() is None and not is_migrating(url):
        time.sleep(0.001)
    time.sleep(dice.random() * 0.04)
    process.send_signal(signal.SIGKILL)
    process.wait()
    if backend() == "postgresql":
        db.engine.dispose()
        wait_until(is_left_alone, what="the server to notice that its client is gone")


def is_left_alone() -> bool:
    """Whether nobody but this process uses the database."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with db.engine.connect() as connection:
        return not connection.execute(sa.text(others)).scalar_one()


def is_migrating(url: str) -> bool:
    """Whether another process holds the lock that a migration takes."""
    if backend() == "postgresql":
        locks = (
            "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        with db.engine.connect() as connection:
            return bool(connection.execute(sa.text(locks)).scalar_one())
    probe = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    try:
        probe.execute("BEGIN IMMEDIATE")
        probe.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        probe.close()
    return False


def fill() -> None:
    with unit_of_work():
        everything()
    db.session.remove()
    db.engine.dispose()


def differences() -> list[object]:
    """What Alembic would change to bring the database to the models."""
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_name": has_a_model}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata))


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names())


def counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            name: connection.execute(sa.text(f'SELECT count(*) FROM "{name}"')).scalar_one()
            for name in sorted(tables() - {"alembic_version"})
        }


def schema() -> dict[str, object]:
    """Tables with their columns, constraints and indexes, as the database describes them."""
    found = sa.inspect(db.engine)
    return {
        name: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(name)],
            sorted(str(index["name"]) for index in found.get_indexes(name)),
            sorted(str(check["sqltext"]) for check in found.get_check_constraints(name)),
            sorted(str(key["name"]) for key in found.get_foreign_keys(name)),
            sorted(str(unique["name"]) for unique in found.get_unique_constraints(name)),
        )
        for name in sorted(tables())
    }


def foreign_keys() -> list[object]:
    """Rows that point at nothing; PostgreSQL cannot have any."""
    if backend() == "postgresql":
        return []
    with db.engine.connect() as connection:
        return list(connection.exec_driver_sql("PRAGMA foreign_key_check"))
