"""Machinery that knows no slice: one capability a module, named for what it does."""

from forum.core.unused import without

# structlog draws tracebacks with rich and keeps greenlets apart when others have brought these. We write tracebacks as
# plain text and run threads: each process weighs 6 MB less.
with without("rich", "greenlet"):
    import structlog  # noqa: F401
