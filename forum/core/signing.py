"""itsdangerous' signatures with less work: each request of who is signed in reads one or two and makes one."""

from __future__ import annotations

import hmac
from typing import Any, cast

from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode, bytes_to_int, int_to_bytes


class Seal:
    """What *serializer* makes and reads, in a few steps instead of sixty; it signs by HMAC-SHA1, as is usual.

    The key of its secret is derived once. A text that does not hold at first sight is left to *serializer*, which says
    what is wrong with it.
    """

    def __init__(self, serializer: URLSafeTimedSerializer) -> None:
        self._serializer = serializer
        signer = cast(TimestampSigner, serializer.make_signer())
        self._key, self._now = signer.derive_key(), signer.get_timestamp

    def dumps(self, value: Any) -> str:
        """*value*, when this was, and the signature of both."""
        signed = self._serializer.dump_payload(value) + b"." + base64_encode(int_to_bytes(self._now()))
        return (signed + b"." + self._signature(signed)).decode()

    def loads(self, text: str, max_age: int | None = None) -> Any:
        """What *text* holds; BadSignature when it was not signed here, or longer than *max_age* seconds ago."""
        signed, _, signature = text.encode().rpartition(b".")
        if hmac.compare_digest(self._signature(signed), signature):
            payload, _, signed_at = signed.rpartition(b".")
            if max_age is None or 0 <= self._now() - bytes_to_int(base64_decode(signed_at)) <= max_age:
                return self._serializer.load_payload(payload)
        return self._serializer.loads(text, max_age=max_age)

    def _signature(self, signed: bytes) -> bytes:
        return base64_encode(hmac.digest(self._key, signed, "sha1"))
