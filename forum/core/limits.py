"""Limits on how often, counted where the act is: a refused form costs nobody a turn, a wrong password does.

Counts live outside the request's transaction, so a refusal still counts, and outside the worker's memory, so neither a
second worker nor a killed one forgives anything: in ``instance/limits.db``, or in Redis when FORUM_REDIS_URL is set.
When that store fails the next one serves (Redis, then the file, then this process's memory); a limit never fails a
request. No name, e-mail or address is stored: keys are HMACs under a key that changes every day.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from functools import lru_cache
from typing import cast

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.strategies import MovingWindowRateLimiter

from forum.core import clock
from forum.core.limit_store import ForumStorage


def client_address() -> str:
    """The peer's address as ProxyFix left it; a forwarded header counts only behind FORUM_TRUSTED_PROXIES."""
    return request.remote_addr or "unknown"


def address_key() -> str:
    """The client's address as limits keep it: today's HMAC of it, or of its /64 for IPv6."""
    return anonymous(address_network())


def address_network() -> str:
    """The client's address, or the /64 of an IPv6 one. Never to be kept as it is."""
    return _network(client_address())


def hit(name: str, key: str, limit: str) -> bool:
    """Count one under *name* for *key* (an account's e-mail, an address); False when it exceeds *limit*.

    *limit* reads like "5 per minute" and holds in any window of that length. A refused hit is not counted, so whoever
    waits out the window is let in again.
    """
    return _strategy().hit(item(limit), name, anonymous(key))


def blocked(name: str, key: str, limit: str) -> bool:
    """True when *limit* is used up; counts nothing."""
    return not _strategy().test(item(limit), name, anonymous(key))


def forget(name: str, key: str, limit: str) -> None:
    """Forgive what was counted, as after a right password."""
    _strategy().clear(item(limit), name, anonymous(key))


def reset() -> None:
    """Forget every count; for tests, and for an operator who locked out a town hall."""
    _strategy().storage.reset()


def retry_after(name: str, key: str, limit: str) -> int:
    """Seconds until one more is let through; 0 when it would be now."""
    if not blocked(name, key, limit):
        return 0
    reset = _strategy().get_window_stats(item(limit), name, anonymous(key)).reset_time
    return max(1, int(reset - time.time()) + 1)


def anonymous(key: str) -> str:
    """*key* under today's HMAC: enough to count by, useless to whoever reads the file tomorrow."""
    day = clock.now().date().isoformat()
    secret = hashlib.sha256(f"limits:{day}:{current_app.config['SECRET_KEY']}".encode()).digest()
    return hmac.digest(secret, key.encode(), "sha256").hex()[:32]


def init_app(app: Flask) -> None:
    """Give *app* its store."""
    settings = app.config["FORUM"]
    store = ForumStorage(path=str(settings.instance_dir / "limits.db"), redis_url=settings.redis_url)
    app.extensions["limits"] = MovingWindowRateLimiter(store)


def _strategy() -> MovingWindowRateLimiter:
    return cast(MovingWindowRateLimiter, current_app.extensions["limits"])


def _network(address: str) -> str:
    """An IPv6 address stands for its /64, which one household or attacker owns whole."""
    if ":" not in address:
        return address
    import ipaddress

    try:
        return str(ipaddress.ip_network(f"{address.split('%')[0]}/64", strict=False).network_address)
    except ValueError:
        return address


@lru_cache(maxsize=64)
def item(limit: str) -> RateLimitItem:
    """What "5 per minute" says, read once."""
    return parse(limit)
