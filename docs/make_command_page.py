"""Write docs/command-line.md from the help of the commands: `python docs/make_command_page.py`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from keruen.cli import keruen

HEAD = """# The command line

This page is generated from the help of the commands (`docs/make_command_page.py`); `keruen COMMAND --help` says the same.

The answer alone goes to standard output; progress and errors go to standard error. With `--json` an error is the answer:
`{"error": {"kind", "message", "message_ru", ...}}` ([route-json.md](route-json.md)); without it an error is told in the
language of `--lang`.

| exit code | meaning |
|---|---|
| 0 | answered |
| 1 | the reader of the output went away, as `head` does |
| 2 | the input is wrong: an unknown place or option, an impossible shipment, a damaged table or network; the message says what to do |
| 3 | the question was understood and there is no route; the message names what blocks it |
| 130 | stopped by Ctrl-C; nothing half-made is left |

| variable | meaning |
|---|---|
| `KERUEN_CACHE` | folder for the world network, else the user's cache folder |
| `KERUEN_TRADE` | file of the trade store, else `trade.duckdb` in the user's data folder |
| `KERUEN_COMTRADE_KEY` | key for UN Comtrade, for `keruen trade fetch comtrade` alone |
| `NO_COLOR` | no colours |
| `PYTHONIOENCODING` | encoding of the output, else UTF-8 in files and pipes; signs it lacks are replaced |
"""


def page() -> str:
    """The whole page."""
    return "\n".join(
        [HEAD, *(section for name, command in commands(keruen, "keruen") for section in told(name, command))]
    )


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """All commands with their full names, groups opened."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def told(name: str, command: click.Command) -> Iterator[str]:
    """The section of a command: what it does, its examples, its arguments and options."""
    context = click.Context(command, info_name=name)
    usage = " ".join(command.collect_usage_pieces(context))
    text, *blocks = inspect.cleandoc(command.help or "").split("\b\n")
    yield f"## {name}\n\n```\n{name} {usage}\n```\n\n{text.strip()}\n"
    for block in blocks:
        yield f"```\n{inspect.cleandoc(block).strip()}\n```\n"
    yield "| option | meaning |\n|---|---|"
    for option in command.params:
        if isinstance(option, click.Option) and (record := option.get_help_record(context)):
            names, meaning = (part.replace("|", "\\|") for part in record)
            yield f"| `{names}` | {meaning} |"
    yield ""


if __name__ == "__main__":
    (Path(__file__).parent / "command-line.md").write_text(page(), encoding="utf-8")
