"""Load from 16 connections on loopback: by wrk where it is installed, else by Python processes of our own."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bench import fallback

CONNECTIONS = 16


@dataclass(frozen=True)
class Request:
    """One request of a load. *headers* come on top of Host."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True)
class Load:
    """What came of it. ``rate`` is answers a second; latencies are in milliseconds."""

    rate: float
    p50: float
    p99: float
    errors: int


def run(url: str, requests: Sequence[Request], *, seconds: float, connections: int = CONNECTIONS) -> Load:
    """Send *requests* in turn to *url* (loopback only) from *connections* connections for *seconds*."""
    if urlsplit(url).hostname != "127.0.0.1":
        raise ValueError(f"load goes to 127.0.0.1 only, not to {url}")
    if shutil.which("wrk"):
        return _wrk(url, requests, seconds, connections)
    return Load(
        **fallback.run(urlsplit(url).port or 80, [_raw(url, r) for r in requests], seconds, connections)
    )


def generator() -> str:
    """What makes the load, for the report."""
    return "wrk" if shutil.which("wrk") else "Python processes (slower than wrk; ratios are lower than real)"


def _wrk(url: str, requests: Sequence[Request], seconds: float, connections: int) -> Load:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "load.lua"
        script.write_text(_lua(requests))
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{max(1, round(seconds))}s",
            "--timeout",
            "10s",
            "-s",
            str(script),
        ]
        done = subprocess.run([*command, url], capture_output=True, text=True, timeout=seconds + 30)
    found = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not found:
        raise RuntimeError(f"wrk failed: {done.stdout}{done.stderr}")
    return Load(**json.loads(found[0]))


def _lua(requests: Sequence[Request]) -> str:
    """A wrk script: one request is set as the default (no Lua a request), several take turns."""
    lines = ["local made = {}", "local turn = 0", "init = function(args)"]
    for request in requests:
        headers = ", ".join(f"[{json.dumps(k)}] = {json.dumps(v)}" for k, v in request.headers.items())
        body = json.dumps(request.body) if request.body else "nil"
        lines.append(
            f"  made[#made + 1] = wrk.format({json.dumps(request.method)}, {json.dumps(request.path)}, "
            f"{{ {headers} }}, {body})"
        )
    lines.append("end")
    if len(requests) == 1 and requests[0].method == "GET":
        lines = [
            f"wrk.path = {json.dumps(requests[0].path)}",
            *(f"wrk.headers[{json.dumps(k)}] = {json.dumps(v)}" for k, v in requests[0].headers.items()),
        ]
    else:
        lines.append("request = function() turn = turn % #made + 1; return made[turn] end")
    lines.append(
        """done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"rate": %.3f, "p50": %.3f, "p99": %.3f, "errors": %d}\\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    e.connect + e.read + e.write + e.status + e.timeout))
end"""
    )
    return "\n".join(lines)


def _raw(url: str, request: Request) -> bytes:
    body = request.body.encode()
    head = [f"{request.method} {request.path} HTTP/1.1", f"Host: {urlsplit(url).netloc}"]
    head += [f"{name}: {value}" for name, value in request.headers.items()]
    if body:
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, "", ""]).encode() + body
