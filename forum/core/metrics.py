"""/metrics in Prometheus' text format, summed over all processes of the site.

Whoever may read it: with FORUM_METRICS_TOKEN set, who sends it as a bearer token; without, who asks from this machine
itself and by its own name, not through a proxy. Everyone else finds no such address. Labels are endpoints and job
names, never paths, people or addresses.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, request
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from forum.core import jobs
from forum.core.access import public_uncached
from forum.core.current import this_g, this_request
from forum.core.untraced import is_untraced

blueprint = Blueprint("metrics", __name__)
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
disable_created_metrics()  # type: ignore[no-untyped-call]
_registry = CollectorRegistry()
REQUESTS = Counter(
    "forum_requests_total",
    "Answers, without those kept in front.",
    ["endpoint", "method", "status"],
    registry=_registry,
)
SECONDS = Histogram(
    "forum_request_seconds", "Time to answer.", ["endpoint"], buckets=BUCKETS, registry=_registry
)
JOBS = Counter("forum_jobs_total", "Jobs that ended.", ["job", "outcome"], registry=_registry)
JOB_SECONDS = Counter("forum_job_seconds_total", "Time spent in jobs.", ["job"], registry=_registry)

# Name to (help, label, function that returns value by label): asked at each scrape. Slices add theirs through wiring.
GAUGES: dict[str, tuple[str, str, Callable[[], dict[str, float]]]] = {}


@blueprint.get("/metrics")
@public_uncached
def scrape() -> Response:
    """Everything that was counted."""
    if not may_read():
        abort(404)
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_OneProcess())
    registry.register(_Gauges())
    return Response(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


def may_read() -> bool:
    """True for the token's holder, or without a token for a request made on this machine and not by a proxy on it."""
    token = current_app.config["FORUM"].metrics_token
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    if any(name in request.headers for name in ("Forwarded", "Via", "X-Forwarded-For", "X-Real-Ip")):
        return False
    return _is_loopback(request.remote_addr or "") and _is_loopback(
        request.host.rpartition(":")[0] or request.host
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class _OneProcess:
    def collect(self) -> Iterator[Any]:
        return iter(_registry.collect())


class _Gauges:
    def collect(self) -> Iterator[Any]:
        for name, (words, label, read) in sorted(GAUGES.items()):
            family = GaugeMetricFamily(name, words, labels=[label])
            for key, value in read().items():
                family.add_metric([key], value)
            yield family


def count_job(name: str, outcome: str, seconds: float) -> None:
    """Count one run of a job."""
    JOBS.labels(name, outcome).inc()
    JOB_SECONDS.labels(name).inc(seconds)


def init_app(app: Flask) -> None:
    """Register the address and count every request and job."""
    app.register_blueprint(blueprint)
    if count_job not in jobs.WATCHERS:
        jobs.WATCHERS.append(count_job)

    # Finding a family's member by its labels takes longer than counting.
    requests, seconds = cache(REQUESTS.labels), cache(SECONDS.labels)

    @app.after_request
    def count(response: Response) -> Response:
        if is_untraced():
            return response
        request, g = this_request(), this_g()
        endpoint = request.endpoint or "none"
        requests(endpoint, request.method if request.url_rule else "any", response.status_code).inc()
        if "began" in g:
            seconds(endpoint).observe(time.perf_counter() - g.began)
        return response
