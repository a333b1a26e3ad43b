"""Notes to moderate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from forum.moderation import registry
from tests.factories.moderation import KIND, Notes, register_notes


@pytest.fixture(autouse=True)
def notes() -> Iterator[Notes]:
    """The kind is registered, and there is no note yet."""
    yield register_notes()
    registry.kinds.pop(KIND, None)
