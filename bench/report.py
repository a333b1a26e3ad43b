"""The table, on the terminal and in ``instance/bench/report.md``."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

from bench import load
from forum.core import clock


@dataclass(frozen=True)
class Row:
    """One line. *good* is None for what is told without a target."""

    what: str
    measured: str
    floor: str
    result: str
    target: str
    good: bool | None


def ratio(what: str, site: float, floor: float, floor_name: str, least: float) -> Row:
    """Answers a second of the site against its floor."""
    found = site / floor
    return Row(
        what,
        f"{site:,.0f}/s",
        f"{floor:,.0f}/s ({floor_name})",
        f"{found:.2f}",
        f"at least {least:g}",
        found >= least,
    )


def limit(what: str, value: float, unit: str, most: float, note: str = "") -> Row:
    """A measure that must stay below *most*."""
    return Row(what, f"{value:,.4g} {unit}", note, "", f"at most {most:g} {unit}", value <= most)


def table(rows: list[Row]) -> str:
    """Markdown, aligned."""
    lines = [("What", "Site", "Floor", "Ratio", "Target", "")]
    lines += [
        (r.what, r.measured, r.floor, r.result, r.target, {True: "ok", False: "MISSED", None: ""}[r.good])
        for r in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    text = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)


def write(rows: list[Row], path: Path, seconds: float) -> None:
    """Keep the table with what it was measured on."""
    machine = (
        f"{os.cpu_count()} cores of {platform.processor() or platform.machine()}, "
        f"{platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; load by {load.generator()}, {load.CONNECTIONS} connections, "
        f"on the same machine; {clock.now():%Y-%m-%d %H:%M} UTC, {seconds:.0f} s; load average {os.getloadavg()[1]:.1f}"
    )
    path.write_text(f"# Speed\n\n{machine}.\n\n{table(rows)}\n")
