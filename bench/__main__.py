"""``python -m bench``: start the site and its floors, measure, print the table."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time

from bench import load, report, scenarios, servers, town

WRK = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "wrk"]


def main() -> int:
    """0 when everything was measured (with --strict: and every target met)."""
    options = _options()
    _get_wrk()
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:5.0f} s  {text}", file=sys.stderr, flush=True)

    measured = town.demonstration(say)
    port = servers.free_port()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
    site = servers.Server(command, port, measured.environment(port), town.FOLDER / "site.log")
    rows: list[report.Row] = []
    try:
        site.wait("/healthz")
        bench = scenarios.Bench(measured, site, options.seconds, options.rounds, say)
        for name in options.only or scenarios.ALL:
            say(f"== {name}")
            rows += scenarios.ALL[name](bench)
    finally:
        site.stop()
    report.write(rows, town.FOLDER / "report.md", time.monotonic() - began)
    print(f"\n{(town.FOLDER / 'report.md').read_text()}")
    for failure in bench.failures:
        print(f"Not as it should be: {failure}")
    missed = [row for row in rows if row.good is False]
    return 1 if bench.failures or (options.strict and missed) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the site against floors.")
    parser.add_argument(
        "--only", type=lambda text: text.split(","), help=f"some of {','.join(scenarios.ALL)}"
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="length of one load (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="loads of each kind, whose median counts")
    parser.add_argument("--strict", action="store_true", help="fail when a target is missed")
    options = parser.parse_args()
    if unknown := set(options.only or ()) - set(scenarios.ALL):
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    return options


def _get_wrk() -> None:
    """Debian's wrk, when it is missing and we may install it."""
    if shutil.which("wrk") is None and shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)  # type: ignore[call-overload]
        subprocess.run(WRK, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, **quiet)  # type: ignore[call-overload]
    print(f"Load by {load.generator()}.", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
