"""An SMTP server on loopback that keeps what it is given."""

import contextlib
import email
import email.policy
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.ports import LOOPBACK, free_port


@dataclass
class MailServer:
    """What was delivered, in order. Set ``answer`` to ``"451 try later"`` and the like to refuse what comes."""

    port: int
    answer: str = "250 OK"
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    _arrived: threading.Condition = field(default_factory=threading.Condition, repr=False)

    @property
    def url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """The messages whose envelope names *address*."""
        pairs = zip(self.messages, self.recipients, strict=True)
        return [message for message, recipients in pairs if address in recipients]

    def wait_for(self, address: str, *, count: int = 1, seconds: float = 120.0) -> list[EmailMessage]:
        """Block until *count* messages came for *address*; raise TimeoutError otherwise."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.to(address)) >= count, timeout=seconds):
                raise TimeoutError(
                    f"{len(self.to(address))} of {count} messages for {address} in {seconds:g} s"
                )
            return self.to(address)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook for one message."""
        if self.answer.startswith("250"):
            message = email.message_from_bytes(envelope.original_content or b"", policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            with self._arrived:
                self.messages.append(message)
                self.recipients.append(list(envelope.rcpt_tos))
                self._arrived.notify_all()
        return self.answer


@contextlib.contextmanager
def smtp_server() -> Iterator[MailServer]:
    """A mail server that accepts everything until told otherwise."""
    mail = MailServer(port=free_port())
    controller = Controller(mail, hostname=LOOPBACK, port=mail.port)
    controller.start()
    try:
        yield mail
    finally:
        controller.stop()
