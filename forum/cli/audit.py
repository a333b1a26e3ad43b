"""`flask audit`: the ledger's seals."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from forum.audit import jobs, sealing

group = AppGroup("audit", help="The ledger: verify its seals, seal what is new.")


@group.command("seal")
def seal() -> None:
    """Seal what is new now, instead of within five minutes."""
    jobs.seal()
    click.echo(f"Sealed. The last hash is {sealing.verify().head}")


@group.command("verify")
@click.option(
    "--expect", metavar="HASH", help="A last hash that was kept elsewhere: it must be in the chain."
)
def verify(expect: str | None) -> None:
    """Recompute every seal; exit status 1 and the seals by number when an entry was changed, added or removed."""
    result = sealing.verify()
    for fault in result.faults or ():
        click.echo(f"Seal {fault.seal_id} does not hold: {fault.word}.")
    unknown = expect is not None and not sealing.is_in_chain(expect)
    if unknown:
        click.echo("The expected hash is not in the chain: the ledger's end was removed or made anew.")
    click.echo(
        f"{result.seals:,} seals over {result.entries:,} entries checked; {result.unsealed:,} entries not sealed yet. "
        f"Last hash (keep it elsewhere): {result.head}"
    )
    if result.faults or unknown:
        raise SystemExit(1)
