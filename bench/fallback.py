"""A load generator in plain Python, for machines without wrk: two processes, each with half of the connections."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from typing import Any

PROCESSES = 2


def run(port: int, requests: list[bytes], seconds: float, connections: int) -> dict[str, Any]:
    """Send the raw *requests* in turn to 127.0.0.1:*port*; the fields of ``bench.load.Load`` come out."""
    share = max(1, connections // PROCESSES)
    raw = [request.decode("latin-1") for request in requests]
    started = []
    for number in range(PROCESSES):
        order = json.dumps(
            {"port": port, "requests": raw[number:] + raw[:number], "seconds": seconds, "connections": share}
        )
        command = [sys.executable, "-m", "bench.fallback"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin is not None
        process.stdin.write(order)
        process.stdin.close()
        started.append(process)
    parts = []
    for process in started:
        assert process.stdout is not None
        with process.stdout:
            parts.append(json.loads(process.stdout.read()))
        process.wait()
    times = sorted(took for part in parts for took in part["times"])
    if not times:
        raise RuntimeError(f"nothing answered on port {port}")
    return {
        "rate": len(times) / seconds,
        "p50": times[len(times) // 2] * 1000,
        "p99": times[int(len(times) * 0.99)] * 1000,
        "errors": sum(part["errors"] for part in parts),
    }


async def _together(port: int, requests: list[bytes], seconds: float, connections: int) -> dict[str, Any]:
    ends = time.perf_counter() + seconds
    starts = [n * len(requests) // connections for n in range(connections)]
    turns = [requests[start:] + requests[:start] for start in starts]
    done = await asyncio.gather(*(_connection(port, turn, ends) for turn in turns))
    return {
        "times": [took for times, _ in done for took in times],
        "errors": sum(errors for _, errors in done),
    }


async def _connection(port: int, requests: list[bytes], ends: float) -> tuple[list[float], int]:
    times: list[float] = []
    errors = 0
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    while (started := time.perf_counter()) < ends:
        request = requests[len(times) % len(requests)]
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        lines = head.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
        if length and status != 304 and not request.startswith(b"HEAD"):
            await reader.readexactly(length)
        times.append(time.perf_counter() - started)
        errors += status >= 400
    writer.close()
    return times, errors


if __name__ == "__main__":
    given = json.load(sys.stdin)
    given["requests"] = [request.encode("latin-1") for request in given["requests"]]
    print(json.dumps(asyncio.run(_together(**given))))
