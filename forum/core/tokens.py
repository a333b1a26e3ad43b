"""Random tokens and keyed hashes of them."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import current_app


def random_token(bits: int = 128) -> str:
    """A URL-safe token with at least *bits* random bits."""
    return secrets.token_urlsafe((bits + 7) // 8)


def keyed_hash(token: str, purpose: str) -> str:
    """Hex HMAC-SHA-256 of *token* under the installation's key: what a table keeps instead of the token."""
    secret = current_app.config["FORUM"].secret_key
    key = hashlib.sha256(f"{purpose}:{secret}".encode()).digest()
    return hmac.new(key, token.encode(), hashlib.sha256).hexdigest()
