"""Words that a shell completes: places, countries, corridors, scenarios, materials and the like, by key or name.

A shell asks at each press of Tab, so an answer must come at once: the columns asked for are read out of the shipped CSV files as they
are, and neither the tables nor the network are opened. Keys are completed in any case of letters; names, English and Russian, where
three letters or more are there, so that a single Tab does not show a thousand of them. What the shell shows beside a word is its name.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from click.shell_completion import BashComplete, CompletionItem, ShellComplete, get_completion_class

DATA = Path(__file__).parent / "data"
SHELLS = ("bash", "zsh", "fish")
LETTERS_OF_A_NAME = 3
Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

KINDS: dict[str, tuple[tuple[str, str, tuple[str, ...], str], ...]] = {
    # kind: (table, key column, columns of names, prefix of the key)
    "place": (("places", "place", ("name", "name_ru"), ""),),
    "country": (("countries", "country", ("name", "name_ru"), ""),),
    "avoidable": (
        ("passages", "passage", (), ""),
        ("corridors", "corridor", (), ""),
        ("services", "service", (), ""),
        ("borders", "border", (), ""),
        ("countries", "country", ("name", "name_ru"), "country:"),
    ),
    "material": (("materials", "material", (), ""),),
    "good": (("chain_goods", "good", (), ""),),
    "market": (("car_markets", "market", (), ""),),
    "commodity": (("commodities", "commodity", (), ""),),
    "unit": (("load_units", "unit", (), ""),),
    "vessel": (("vessels", "vessel", (), ""),),
    "corridor": (("corridors", "corridor", (), ""),),
    "sanctions": (("sanctions", "profile", (), ""),),
}


def completed(*kinds: str) -> Completer:
    """What completes an argument or option by words of these kinds: those of KINDS, `scenario`, `table`, `file`."""

    def complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
        found = {word: told for kind in kinds for word, told in words_of(kind, begun)}
        if not found and {"scenario", "file"} & set(kinds):
            return [CompletionItem(begun, type="file")]
        return [CompletionItem(in_shell(word), help=told) for word, told in found.items()]

    return complete


def words_of(kind: str, begun: str) -> Iterator[tuple[str, str]]:
    """The words of a kind that go on as begun, each with what is shown beside it."""
    start = begun.casefold()
    if kind in ("scenario", "table", "file"):
        folder, ending = {"scenario": (DATA / "scenarios", ".toml"), "table": (DATA, ".csv"), "file": (DATA, "/")}[kind]
        yield from ((path.stem, "") for path in sorted(folder.glob(f"*{ending}")) if path.stem.startswith(start))
        return
    for table, key, names, prefix in KINDS[kind]:
        with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                told = row.get("name") or ""
                if (word := prefix + row[key]).casefold().startswith(start):
                    yield word, told
                if len(start) >= LETTERS_OF_A_NAME:
                    yield from ((row[name], word) for name in names if row[name].casefold().startswith(start))


def in_shell(word: str) -> str:
    """A word as the shell must be given it: bash as typed, its `read` undoing one backslash; the others quote it themselves."""
    if os.environ.get("_KERUEN_COMPLETE") != "bash_complete":
        return word
    return "".join(f"\\\\{sign}" if sign in " '\"()&;|<>$`\\*?" else sign for sign in word)


@click.command()
@click.argument("shell", type=click.Choice(SHELLS), required=False)
def completion(shell: str | None) -> None:
    """Print what teaches a SHELL to complete commands, options, places, countries, corridors, scenarios and materials by Tab.

    Without SHELL it is the one that the environment variable SHELL names. To keep it, add one line to the file that your shell reads
    at its start, and open a new window:

    \b
    bash   ~/.bashrc                    eval "$(keruen completion bash)"
    zsh    ~/.zshrc                     eval "$(keruen completion zsh)"     after compinit
    fish   ~/.config/fish/config.fish   eval (keruen completion fish | string collect)

    \b
    Examples:
      keruen completion bash
    """
    from keruen.reports.console import say

    shell = shell or Path(os.environ.get("SHELL", "")).name
    found = get_completion_class(shell) if shell in SHELLS else None
    if found is None:
        raise click.UsageError(f"Name the shell: keruen completion {'|'.join(SHELLS)}.")
    script = found(click.get_current_context().find_root().command, {}, "keruen", "_KERUEN_COMPLETE")
    # bash is not started to ask for its version, which takes longer than all else
    say(ShellComplete.source(script) if isinstance(script, BashComplete) else script.source())
