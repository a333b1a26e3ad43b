"""Closed vocabularies: enums whose words the database keeps to as well."""

from __future__ import annotations

import importlib
import re
from enum import StrEnum

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.core.db import Word
from forum.extensions import db
from tests.architecture.source import layer, module_of

pytestmark = pytest.mark.once


def word_columns() -> list[sa.Column[object]]:
    return [
        column
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Word)
    ]


def test_a_word_column_takes_the_words_of_its_vocabulary_and_no_others(site_app: Flask) -> None:
    columns = word_columns()
    assert columns
    for column in columns:
        assert isinstance(column.type, Word)
        checks = [check for check in column.table.constraints if isinstance(check, sa.CheckConstraint)]
        allowed = [words_of(check, column.name) for check in checks]
        assert set(column.type.vocabulary) in allowed, f"{column.table.name}.{column.name} has no such CHECK"


def test_the_words_fit_their_column(site_app: Flask) -> None:
    for column in word_columns():
        assert isinstance(column.type, Word)
        assert max(map(len, column.type.vocabulary)) <= 32, column


def test_vocabularies_are_sorted_and_named_like_their_words() -> None:
    for path in layer("models", "vocabulary", "acts"):
        module = importlib.import_module(module_of(path))
        for name, found in vars(module).items():
            if isinstance(found, type) and issubclass(found, StrEnum) and found.__module__ == module.__name__:
                names = [member.name for member in found]
                assert names == sorted(names), f"{name} is not sorted"
                assert all(re.fullmatch(r"[a-z0-9_.-]+", word) for word in found), name


def words_of(check: sa.CheckConstraint, column: str) -> set[str]:
    """The words of ``column IN ('a', 'b')``; none for another kind of check."""
    match = re.fullmatch(rf"{column} IN \((.*)\)", str(check.sqltext))
    return set(re.findall(r"'([^']*)'", match[1])) if match else set()
