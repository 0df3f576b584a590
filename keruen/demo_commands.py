"""The command that shows a newcomer around: six questions, each with the command that asks it, its answer and what to see in it.

The commands are run as they are printed, in this process, with the shipped tables and network; of a long answer the first lines are
shown. A text to check and a demand to carry come with the package (data/demo). On a terminal it waits after each question; in a pipe it
does not.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import NamedTuple

import click

from keruen.reports.console import caught, say

FILES = Path(__file__).parent / "data" / "demo"


class Step(NamedTuple):
    """A question: words of its title and of what to see (rows of words.csv), the command, the lines shown."""

    key: str
    command: str
    lines: int


STEPS = (
    Step("route", "route VNHPH DEDUI --legs none", 18),
    Step("flows", "flows --demand {ferry}", 35),
    Step("check", "check {article}", 22),
    Step("exposure", "exposure titanium_metal --buyer EU", 28),
    Step("chain", "chain cell_lfp --market hu_budapest", 12),
    Step("what_if", "compare aktau_ferry KZAAU AZBAK", 14),
)


@click.command()
@click.option("--only", type=click.IntRange(1, len(STEPS)), metavar="N", help="Only this question, 1 to 6.")
@click.option("--fast", is_flag=True, help="Do not wait for Enter after each question.")
@click.option("--lang", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Language.")
def demo(only: int | None, fast: bool, lang: str) -> None:
    """Walk through the six things Keruen does: routes, flows, checked figures, exposure to suppliers, plants, what-ifs.

    Without options all six, a few seconds each; the command that asks is shown, so that you can go on from there.

    \b
    Examples:
      keruen demo --only 1
      keruen demo --only 3 --lang ru
    """
    from keruen.reports.waiting import waiting
    from keruen.tables.words import words_in

    words = words_in(lang)
    chosen = STEPS if only is None else STEPS[only - 1 : only]
    waits = not fast and sys.stdin.isatty() and sys.stdout.isatty()
    if only is None:
        say(words["demo_head"] + "\n")
    for step in chosen:
        command = command_of(step, lang)
        say(click.style(f"{STEPS.index(step) + 1}/{len(STEPS)}  {words[f'demo_{step.key}']}", bold=True))
        say(click.style(f"$ keruen {command}", fg="cyan") + "\n")
        with waiting(lambda: lang):
            lines = answer(shlex.split(command)).splitlines()
        more = len(lines) - step.lines
        shown = [*lines[: step.lines], words["demo_more"].format(more)] if more > 1 else lines
        say("\n".join(f"  {line}".rstrip() for line in shown))
        say(f"\n{words['demo_see']} {words[f'demo_{step.key}_see']}\n")
        if waits and step is not chosen[-1]:
            click.prompt(words["demo_next"], default="", show_default=False, prompt_suffix=" ", err=True)
    if only is None:
        say(words["demo_end"])


def command_of(step: Step, lang: str) -> str:
    """The command as a user would type it, without `keruen`."""
    files = {"ferry": FILES / "ferry.csv", "article": FILES / f"article_{lang}.txt"}
    typed = {name: shlex.quote(near(path)) for name, path in files.items()}
    return step.command.format(**typed) + (" --lang ru" if lang == "ru" else "")


def near(path: Path) -> str:
    """The shorter name of a file seen from the working folder."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def answer(words: list[str]) -> str:
    """What a command of this command line prints."""
    root = click.get_current_context().find_root().command
    with caught() as printed:
        root.main(words, prog_name="keruen", standalone_mode=False)
    return printed()
