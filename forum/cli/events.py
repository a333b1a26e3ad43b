"""`flask events`: events from files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from forum.events.importing import chicago, csv, ics
from forum.events.importing.apply import apply_plan
from forum.events.importing.model import Case, ImportResult, RowProblem, UnreadableFile
from forum.events.importing.plan import Item, Plan, plan_import, surroundings
from forum.events.importing.series import into_series

group = AppGroup("events", help="Events: import them from files.")
FORMATS = {".ics": "ics", ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".json": "chicago"}
SHOWN = 20


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["ics", "csv", "chicago"]),
    help="Told by the file's name unless given.",
)
@click.option(
    "--source", help="Names where the file comes from; its keys count within it. The format unless given."
)
@click.option(
    "--single", is_flag=True, help="Leave regular meetings apart instead of finding series (chicago)."
)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
def import_(file: Path, form: str | None, source: str | None, single: bool, dry_run: bool) -> None:
    """Import the events of FILE: a calendar (.ics), a table (.csv) or the JSON of Chicago's community calendar.

    Doing it twice changes nothing. A row that cannot go in is named, and the rest goes in. docs/import.md has more.
    """
    form = form or FORMATS.get(file.suffix.lower())
    if form is None:
        raise click.ClickException(f"What is {file.name}? Say --format ics, csv or chicago.")
    try:
        result = _read(file.read_bytes(), form, single)
    except UnreadableFile as error:
        raise click.ClickException(f"{file.name} was not imported; nothing has changed. {error}") from error
    _show_report(result.report)
    plan = plan_import(result.events, source=source or form)
    _show_plan(plan)
    problems = [*result.problems, *plan.problems]
    if not dry_run:
        problems += apply_plan(plan, actor=None, progress=_progress)
    _show_problems(problems)
    counts = f"{len(plan.new)} new, {len(plan.changed)} changed, {len(plan.unchanged)} unchanged"
    click.echo(f"{counts}, {len(plan.gone)} not in the file, {len(problems)} rows left out.")
    click.echo("Nothing was changed (dry run)." if dry_run else "Done.")


def _read(data: bytes, form: str, single: bool) -> ImportResult:
    zone = current_app.config["FORUM"].agency_zone
    kinds = tuple(surroundings().kinds)
    if form == "ics":
        return ics.read(data, zone=zone, kinds=kinds)
    if form == "csv":
        return csv.read(data, zone=zone, kinds=kinds)
    result = chicago.read(data)
    events = result.events if single else tuple(into_series(result.events, chicago.same_meeting))
    return ImportResult(events, result.problems, result.report)


def _show_report(cases: Iterable[Case]) -> None:
    met = [case for case in cases if case.count]
    width = max((len(case.name) for case in met), default=0)
    for case in met:
        click.echo(f"{case.count:>6,}  {case.name:<{width}}  {case.done}")


def _show_plan(plan: Plan) -> None:
    _list("+ new", [_line(item) for item in plan.new])
    _list("~ changed", [f"{_line(item)} ({', '.join(item.words)})" for item in plan.changed])
    _list("? not in the file, kept", plan.gone)


def _line(item: Item) -> str:
    event = item.imported
    dates = f"{event.starts:%Y-%m-%d}" + (f", {event.rrule}" if event.rrule else "")
    return f"{event.title}, {dates}"


def _list(heading: str, lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        click.echo(f"{heading}: {line}")
    if len(lines) > SHOWN:
        click.echo(f"{heading}: and {len(lines) - SHOWN:,} more")


def _show_problems(problems: list[RowProblem]) -> None:
    for problem in problems:
        click.echo(f"! row {problem.row}: {problem.what}: {problem.why}", err=True)


def _progress(done: int, total: int, text: str) -> None:
    click.echo(f"  {text}: {done:,} of {total:,}")
