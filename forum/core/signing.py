"""itsdangerous' signatures with less work: each request of who is signed in reads one or two and makes one."""

from __future__ import annotations

import hmac
from binascii import a2b_base64, b2a_base64
from typing import Any, cast

from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import int_to_bytes

_FROM_URL, _TO_URL = bytes.maketrans(b"-_", b"+/"), bytes.maketrans(b"+/", b"-_")


class Seal:
    """What *serializer* makes and reads, in a few steps instead of sixty; it signs by HMAC-SHA1, as is usual.

    The key of its secret is derived once. A text that does not hold at first sight is left to *serializer*, which says
    what is wrong with it.
    """

    def __init__(self, serializer: URLSafeTimedSerializer) -> None:
        self._serializer = serializer
        signer = cast(TimestampSigner, serializer.make_signer())
        self._key, self._now = signer.derive_key(), signer.get_timestamp
        self._read: Any = serializer.serializer.loads

    def dumps(self, value: Any) -> str:
        """*value*, when this was, and the signature of both."""
        signed = self._serializer.dump_payload(value) + b"." + encode(int_to_bytes(self._now()))
        return (signed + b"." + self._signature(signed)).decode()

    def loads(self, text: str, max_age: int | None = None) -> Any:
        """What *text* holds; BadSignature when it was not signed here, or longer than *max_age* seconds ago."""
        signed, _, signature = text.encode().rpartition(b".")
        if hmac.compare_digest(self._signature(signed), signature):
            payload, _, signed_at = signed.rpartition(b".")
            try:
                if max_age is None or 0 <= self._now() - int.from_bytes(_decode(signed_at), "big") <= max_age:
                    if payload.startswith(b"."):  # compressed, as what is long
                        return self._serializer.load_payload(payload)
                    return self._read(_decode(payload).decode())
            except ValueError:
                pass
        return self._serializer.loads(text, max_age=max_age)

    def _signature(self, signed: bytes) -> bytes:
        return encode(hmac.digest(self._key, signed, "sha1"))


def encode(plain: bytes) -> bytes:
    """base64url without padding (RFC 4648 5)."""
    return b2a_base64(plain, newline=False).translate(_TO_URL).rstrip(b"=")


def _decode(text: bytes) -> bytes:
    return a2b_base64(text.translate(_FROM_URL) + b"==")  # what is padding too much is not read
