"""The body of a message in MIME (RFC 2045-2047), written by hand.

The library's own writer parses each header of each part again as it is set and once more as it is written: two thirds
of the time of a mail to thousands. The parts here are always the same few, and their headers are our own words.
"""

from __future__ import annotations

import base64
import binascii
from email.utils import encode_rfc2231
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forum.core.mail import Attachment, Message

END = b"\r\n"


def body(message: Message, seed: str) -> bytes:
    """Its headers from MIME-Version on, an empty line and its parts; *seed* (letters, digits) makes the boundaries.

    The forms of the text stand together, the plain one first and the calendar's last; files come after them.
    """
    forms = [_text("plain", message.text), _text("html", message.html)]
    forms += [_form(item) for item in message.attachments if item.alternative]
    files = [_file(item) for item in message.attachments if not item.alternative]
    made = _multipart("alternative", forms, seed)
    return b"MIME-Version: 1.0\r\n" + (_multipart("mixed", [made, *files], seed) if files else made)


def _multipart(kind: str, parts: list[bytes], seed: str) -> bytes:
    """No line of quoted-printable or base64 holds ``=_``, so none is taken for a boundary (RFC 2045 6.7)."""
    boundary = f"=_{kind[:3]}_{seed}"
    opening = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode()
    mark = f"--{boundary}".encode()
    return opening + b"".join(mark + END + part + END for part in parts) + mark + b"--" + END


def _text(kind: str, text: str) -> bytes:
    lines = END.join(line.encode() for line in text.splitlines()) + END
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    )
    return head.encode() + binascii.b2a_qp(lines, istext=True)


def _form(item: Attachment) -> bytes:
    return _head(item.content_type, "") + _base64(item.data)


def _file(item: Attachment) -> bytes:
    disposition = f"Content-Disposition: attachment; {_parameter('filename', item.filename)}\r\n"
    return _head(item.content_type, disposition) + _base64(item.data)


def _head(content_type: str, more: str) -> bytes:
    kind, *rest = (part.strip() for part in content_type.split(";"))
    pairs = [part.partition("=") for part in rest if "=" in part]
    words = "; ".join([kind, *(_parameter(name, value) for name, _is, value in pairs)])
    return f"Content-Type: {words}\r\nContent-Transfer-Encoding: base64\r\n{more}\r\n".encode()


def _parameter(name: str, value: str) -> str:
    """A quoted string, or where there are letters that it cannot hold, RFC 2231."""
    clean = "".join(c for c in value if c.isprintable() and c not in '"\\')
    return f'{name}="{clean}"' if clean.isascii() else f"{name}*={encode_rfc2231(clean, 'utf-8')}"


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", END)
