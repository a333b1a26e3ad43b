"""Handing a message over: to a mail server through the courier, or to a folder when there is none.

Both tell three ends apart: accepted (returns), refused (:class:`Refused`, for now or for good) and not reached
(:class:`Unreachable`), which says nothing about the message.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from forum.config import Config
from forum.core import mail_smtp
from forum.core.holders import Holder
from forum.core.mail import Outgoing
from forum.core.mail_smtp import Refused, Unreachable

__all__ = ["Refused", "Transport", "Unreachable", "open_transport", "receipts_path"]


class Transport(Protocol):
    """An open way out."""

    def send(self, outgoing: Outgoing) -> None:
        """Hand *outgoing* over; returning means that it was accepted."""


@contextlib.contextmanager
def open_transport(config: Config, holder: Holder) -> Iterator[Transport]:
    """The configured way out; a server is connected to at the first message and left at the end.

    What *holder* leases is not free while a message of it is on its way.
    """
    if not config.smtp_url:
        yield Folder(config.instance_dir / "mail")
        return
    courier = Courier(config, holder)
    try:
        yield courier
    finally:
        courier.close()


def receipts_path(config: Config) -> Path:
    """Where the courier notes what the server has accepted, a Message-ID a line."""
    return config.instance_dir / "accepted-mail"


class Folder:
    """``instance/mail/*.eml``: appears whole or not at all, and under one name however often it is sent."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, outgoing: Outgoing) -> None:
        """Write the file; OSError becomes Unreachable."""
        target = self.path / f"{outgoing.name}.eml"
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial = target.with_suffix(f".{os.getpid()}.partial")
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(outgoing.content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, target)
        except OSError as error:
            raise Unreachable(f"folder:{error.errno}") from error


class Courier:
    """The process that speaks SMTP (forum/core/mail_smtp.py), started at the first message."""

    def __init__(self, config: Config, holder: Holder) -> None:
        self.config = config
        self.holder = holder
        self._process: subprocess.Popen[bytes] | None = None

    def send(self, outgoing: Outgoing) -> None:
        """Give it the message and wait for its answer. Refused or Unreachable."""
        order = {
            "sender": outgoing.sender,
            "recipient": outgoing.recipient,
            "id": outgoing.message_id,
            "size": len(outgoing.content),
        }
        try:
            answer = self._ask(json.dumps(order).encode() + b"\n" + outgoing.content)
        except (OSError, ValueError) as error:
            self.close()
            raise Unreachable(f"courier:{type(error).__name__}") from error
        if answer["end"] == "refused":
            raise Refused(answer["word"], permanent=answer["permanent"])
        if answer["end"] == "unreachable":
            raise Unreachable(answer["word"])

    def close(self) -> None:
        """Let it take leave of the server and end."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _ask(self, order: bytes) -> dict[str, Any]:
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(order)
        process.stdin.flush()
        answer: dict[str, Any] = json.loads(process.stdout.readline())
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        """In a session of its own: what ends the worker does not end it. The URL holds a password: no argument."""
        lock = self.holder.courier_lock()
        command = [sys.executable, "-I", mail_smtp.__file__, str(receipts_path(self.config))]
        try:
            process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=(lock,),
                start_new_session=True,
            )
        finally:
            os.close(lock)  # the courier alone holds it now
        assert process.stdin is not None
        opening = {"url": self.config.smtp_url, "name": self.config.domain}
        process.stdin.write(json.dumps(opening).encode() + b"\n")
        return process
