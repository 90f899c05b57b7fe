"""`python -m bot bench`: the bot beside what it is measured against, as a table.

`python -m tests.bench timing` measures instead how long it takes to refuse what is hidden,
`python -m tests.bench digests` how long everybody's own digest takes beside the bare SQL.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import click
import uvloop

from tests.bench import (
    asking,
    charts,
    clicking,
    digesting,
    footprint,
    growing,
    listing,
    reading,
    rows,
    sending,
    sharing,
    timing,
)
from tests.bench.rows import Figure
from tests.bench.stage import NAMES, Given, Stage, machine, stage

Experiment = Callable[[Stage], Awaitable[list[Figure]]]

EXPERIMENTS: Mapping[str, Experiment] = {
    "listing": listing.measure,
    "clicking": clicking.measure,
    "asking": asking.measure,
    "sharing": sharing.measure,
    "growing": growing.measure,
    "digests": digesting.measure,
    "sending": sending.measure,
    "footprint": footprint.measure,
}
DEFAULT = Given()


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--only", help=f"Some of: {', '.join(EXPERIMENTS)}; with commas.")
@click.option("--database", type=click.Choice([*NAMES]), help="One alone; else both.")
@click.option("--rounds", default=DEFAULT.rounds, show_default=True, type=click.IntRange(1))
@click.option("--seconds", default=DEFAULT.seconds, show_default=True, help="Of each round.")
@click.option("--connections", default=DEFAULT.connections, show_default=True)
@click.option("--items", default=DEFAULT.items, show_default=True, help="Rows of a list.")
@click.option("--briefings", default=DEFAULT.briefings, show_default=True)
@click.option("--people", default=DEFAULT.people, show_default=True)
@click.option("--sizes", default=",".join(map(str, DEFAULT.sizes)), show_default=True)
@click.option("--digests", default=DEFAULT.digests, show_default=True)
@click.option("--soak", default=DEFAULT.soak, show_default=True, help="Minutes under load.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Where to.")
@click.option("--check", is_flag=True, help="End with 1 where a row is below its bar.")
@click.pass_context
def cli(
    context: click.Context,
    /,
    only: str | None,
    database: str | None,
    file: Path | None,
    check: bool,
    sizes: str,
    **given: float,
) -> None:
    """Measure the bot beside what it is measured against, and print a table."""
    if context.invoked_subcommand is not None:
        return
    databases = (database,) if database else DEFAULT.databases
    counted = tuple(int(size) for size in sizes.split(","))
    told = Given(databases, sizes=counted, **given)  # type: ignore[arg-type]
    chosen = only.split(",") if only else list(EXPERIMENTS)
    if unknown := [name for name in chosen if name not in EXPERIMENTS]:
        raise click.BadParameter(f"{unknown[0]} is none of {', '.join(EXPERIMENTS)}.")
    at = machine()
    click.echo(at)
    figures = _measured(told, chosen)
    click.echo(rows.printed(figures))
    if file is not None:
        file.write_text(rows.as_json(at, asdict(told), figures), encoding="utf-8")
    missed = rows.below(figures) if check else ""
    click.echo(f"below the bar: {missed}" if missed else rows.in_one_line(figures))
    sys.exit(bool(missed))


@cli.command("timing")
def refusals() -> None:
    """Measure how long it takes to refuse what is hidden."""
    click.echo(machine())
    timing.main()


@cli.command()
@click.argument("people", default=digesting.PORTION)
def digests(people: int) -> None:
    """Measure how long everybody's own digest takes beside the bare SQL."""
    click.echo(machine())
    digesting.main(people)


@cli.command()
@click.argument("many", default=reading.MANY)
def plans(many: int) -> None:
    """Print which statements read more of what is stored than a part of it."""
    click.echo(machine())
    reading.main(many)


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def draw(file: Path, folder: Path) -> None:
    """Draw charts into FOLDER of what `--json` wrote to FILE, and print its table."""
    at, figures = rows.read(file.read_text(encoding="utf-8"))
    for name, chart in charts.drawn(figures).items():
        (folder / name).write_text(chart, encoding="utf-8")
    click.echo(f"{at}\n\n{rows.markdown(figures)}")


def _measured(given: Given, chosen: list[str]) -> list[Figure]:
    figures: list[Figure] = []
    with stage(given) as set_up, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for name in chosen:
            set_up.say(f"{name} …")
            figures += runner.run(_run(EXPERIMENTS[name], set_up))
    return figures


async def _run(experiment: Experiment, set_up: Stage) -> list[Figure]:
    return await experiment(set_up)


if __name__ == "__main__":
    cli(prog_name="python -m tests.bench")
