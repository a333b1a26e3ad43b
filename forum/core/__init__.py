"""Machinery that knows no slice: one capability a module, named for what it does."""

import sys

# structlog draws tracebacks with rich, and keeps greenlets apart, wherever it finds them installed; other packages
# bring both. We write tracebacks as plain text and run threads: without the two each process weighs 6 MB less.
_UNUSED: dict[str, None] = dict.fromkeys(["rich", "greenlet"])
if "structlog" not in sys.modules:
    sys.modules |= _UNUSED  # type: ignore[arg-type]  # None makes an import of the name fail
    import structlog  # noqa: F401

    for _name in _UNUSED:
        del sys.modules[_name]
