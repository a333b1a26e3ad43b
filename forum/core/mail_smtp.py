"""Speaking SMTP, in a process of its own: the courier.

The worker that renders mail may be killed at any instant, also between the server's 250 and the note of it; the next
worker would then send the same mail again. The courier does nothing but this: it takes one message, hands it over,
notes that the server took it, and answers. It outlives a killed worker until that note is written, and holds a lock
meanwhile for which the next worker waits. Only the standard library is imported: it starts in a moment.

Run as a script: ``mail_smtp.py RECEIPTS-FILE``. On standard input a line of JSON (``url``, ``name``), then for each
message a line (``sender``, ``recipient``, ``id``, ``size``) and *size* bytes; on standard output a line for each.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import smtplib
import ssl
import sys
from typing import Any, BinaryIO
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT = 20.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Refused(Exception):
    """The server refused this message. ``word`` is for operators and holds no address; 5xx answers are permanent."""

    def __init__(self, word: str, *, permanent: bool) -> None:
        super().__init__(word)
        self.word = word
        self.permanent = permanent


class Unreachable(Exception):
    """There is no server to speak to, or it would not speak to us: no message is to blame."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Server:
    """An SMTP server (RFC 5321): ``smtp://`` with STARTTLS when offered, ``smtps://`` with TLS from the start.

    A password is never sent unencrypted except to this machine itself.
    """

    def __init__(self, url: str, our_name: str) -> None:
        self.url: SplitResult = urlsplit(url)
        self.our_name = our_name
        self._smtp: smtplib.SMTP | None = None

    def send(self, sender: str, recipient: str, content: bytes) -> None:
        """One transaction; the connection is kept for the next. Refused or Unreachable."""
        try:
            self._converse(self._connected(), sender, recipient, content)
        except smtplib.SMTPDataError as error:
            self._reset()
            raise _refusal("data", error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Unreachable(_word(error)) from error

    def close(self) -> None:
        """Take leave; whatever the server makes of it."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()

    def _converse(self, smtp: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> None:
        options = []
        if not recipient.isascii():
            if not smtp.has_extn("smtputf8"):
                raise Refused("address:smtputf8", permanent=True)
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        code, _ = smtp.mail(sender, options)
        if code != 250:
            self._reset()
            # Our own address is refused: the operator's to mend, so never the end of somebody's mail.
            raise _refusal("sender", min(code, 499))
        code, _ = smtp.rcpt(recipient)
        if code not in (250, 251):
            self._reset()
            raise _refusal("recipient", code)
        code, _ = smtp.data(content)
        if code != 250:
            self._reset()
            raise _refusal("data", code)

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = self._connect()
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        host = self.url.hostname or "localhost"
        if self.url.scheme == "smtps":
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                host, self.url.port or 465, self.our_name, timeout=TIMEOUT, context=context
            )
        else:
            smtp = smtplib.SMTP(host, self.url.port or 25, self.our_name, timeout=TIMEOUT)
        try:
            self._introduce(smtp, host)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _introduce(self, smtp: smtplib.SMTP, host: str) -> None:
        smtp.ehlo_or_helo_if_needed()
        protected = self.url.scheme == "smtps"
        if not protected and smtp.has_extn("starttls"):
            # On this machine a certificate has nothing to prove; elsewhere it must.
            context = ssl._create_unverified_context() if host in LOOPBACK else ssl.create_default_context()  # noqa: S323
            smtp.starttls(context=context)
            smtp.ehlo()
            protected = True
        if self.url.username:
            if not protected and host not in LOOPBACK:
                raise Unreachable("starttls is not offered, and a password needs it")
            smtp.login(unquote(self.url.username), unquote(self.url.password or ""))

    def _reset(self) -> None:
        if self._smtp is not None:
            try:
                self._smtp.rset()
            except (smtplib.SMTPException, OSError):
                self.close()


def _refusal(stage: str, code: int) -> Exception:
    """421 and a lost line concern the server; any other answer concerns the message."""
    if code in (421, -1):
        return Unreachable(f"{stage}:{code}")
    return Refused(f"{stage}:{code}", permanent=code >= 500)


def _word(error: Exception) -> str:
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__}:{code}" if code else type(error).__name__


def note(receipts: str, message_id: str) -> None:
    """Append *message_id* to the file; what a process has written survives its own death."""
    descriptor = os.open(receipts, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, f"{message_id}\n".encode())
    finally:
        os.close(descriptor)


def carry(incoming: BinaryIO, answers: int, receipts: str) -> None:
    """Hand over what comes in until it ends; *answers* is a descriptor. BrokenPipeError when nobody listens."""
    opening = json.loads(incoming.readline())
    server = Server(opening["url"], opening["name"])
    try:
        while line := incoming.readline():
            order = json.loads(line)
            content = incoming.read(order["size"])
            if len(content) < order["size"]:
                return  # the worker died while giving it
            answer = _hand_over(server, order, content, receipts)
            os.write(answers, json.dumps(answer).encode() + b"\n")
    finally:
        server.close()


def _hand_over(server: Server, order: dict[str, Any], content: bytes, receipts: str) -> dict[str, Any]:
    try:
        server.send(order["sender"], order["recipient"], content)
    except Refused as error:
        return {"end": "refused", "word": error.word, "permanent": error.permanent}
    except Unreachable as error:
        return {"end": "unreachable", "word": error.word}
    note(receipts, order["id"])
    return {"end": "accepted"}


if __name__ == "__main__":
    # A Ctrl-C or SIGTERM is the worker's to understand; it closes our input when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with contextlib.suppress(BrokenPipeError):
        carry(sys.stdin.buffer, sys.stdout.fileno(), sys.argv[1])
