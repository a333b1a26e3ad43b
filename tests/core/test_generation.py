"""The generation changes with every commit, of any connection or process, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from forum.core.caching.generation import reader_for


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """An engine of its own on a database with a table to write to."""
    made = sa.create_engine(database_url, poolclass=sa.NullPool)
    with made.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE generation_test (number INTEGER)")
    yield made
    with made.begin() as connection:
        connection.exec_driver_sql("DROP TABLE generation_test")


@pytest.fixture
def readers(database_url: str) -> Iterator[list[Callable[[], Hashable]]]:
    """What two processes would hold."""
    made: list[Any] = [reader_for(database_url), reader_for(database_url)]
    yield made
    for reader in made:
        reader.close()


def test_a_read_leaves_the_generation_alone(engine: sa.Engine, readers: Any) -> None:
    def unchanged_by_a_read() -> bool:
        before = [read() for read in readers]
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM generation_test").scalar()
        return [read() for read in readers] == before

    # PostgreSQL counts the commits of all its databases, and other tests commit beside this one: one quiet moment does.
    assert any(unchanged_by_a_read() for _attempt in range(200))


def test_a_commit_changes_the_generation(engine: sa.Engine, readers: Any) -> None:
    before = [read() for read in readers]
    for number in range(3):
        with engine.begin() as connection:
            connection.exec_driver_sql(f"INSERT INTO generation_test VALUES ({number})")
        after = [read() for read in readers]
        assert all(new != old for new, old in zip(after, before, strict=True))
        before = after


def test_an_open_transaction_shows_when_it_commits(engine: sa.Engine, readers: Any) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO generation_test VALUES (1)")
        during = [read() for read in readers]
    assert all(read() != old for read, old in zip(readers, during, strict=True))
