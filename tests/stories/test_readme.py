"""What the README and the pages of docs say of the program is so."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import click
import pytest
from command_line import RunCli
from road_toys import write_town

from keruen.cli import keruen
from keruen.tables.dataset import Dataset

WORD_FOR_SOMETHING = re.compile(r"\b[A-Z]+\b|\[|\||\.json|corridors\.png")


@pytest.fixture(scope="session")
def readme(house: Path) -> str:
    return (house / "README.md").read_text(encoding="utf-8")


def first_python_block(text: str) -> str:
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def command_named(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that words call, and the words that are left for it."""
    command: click.Command = keruen
    while isinstance(command, click.Group) and words:
        assert words[0] in command.commands, f"there is no command {words[0]!r}"
        command, words = command.commands[words[0]], words[1:]
    return command, words


def options_of(command: click.Command) -> set[str]:
    return {name for option in command.params if isinstance(option, click.Option) for name in option.opts}


def all_commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        found += all_commands(command, (*path, name)) if isinstance(command, click.Group) else [(*path, name)]
    return found


def table_rows(readme: str) -> list[tuple[list[str], str]]:
    """(words of the command, what is said of it) for every row of the README's table of commands; a|b|c is three rows."""
    rows = re.findall(r"^\| `keruen ([^`]*)` \| (.*) \|$", readme, re.MULTILINE)
    found = []
    for command, said in rows:
        *words, last = shlex.split(command.replace("\\|", "|"))
        choices = last.split("|") if "|" in last and not last.startswith("[") else [last]
        found += [([*words, choice], said) for choice in choices]
    return found


# Python


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_the_first_block_of_python_runs(readme: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "block.py"
    program.write_text(first_python_block(readme), encoding="utf-8")
    left = runpy.run_path(str(program))
    printed = capsys.readouterr().out
    assert len(printed.splitlines()) == len(left["answer"].routes) >= 5
    assert "BeatenBy(" not in printed
    assert left["answer"].to_dict()["routes"] and left["answer"]._repr_html_().startswith("<div>")


def test_the_first_example_is_the_block(readme: str, house: Path) -> None:
    example = (house / "examples" / "first_route.py").read_text(encoding="utf-8")
    assert example.endswith('"""\n\n' + first_python_block(readme))


# Commands


def test_every_command_of_the_readme_is_there_and_every_command_is_in_the_readme(readme: str) -> None:
    told = {tuple(words[: 2 if words[0] in ("network", "trade") else 1]) for words, _ in table_rows(readme)}
    assert told == set(all_commands(keruen))


def test_every_option_named_in_a_row_is_an_option_of_its_command(readme: str) -> None:
    for words, said in table_rows(readme):
        command, rest = command_named(words)
        named = re.findall(r"`(--[a-z-]+)", said) + [word for word in rest if word.startswith("--")]
        assert set(named) <= options_of(command), words


def concrete_commands(readme: str) -> list[list[str]]:
    """The commands of the README that can be run as they stand."""
    lines = [match[0] for match in re.findall(r"`keruen ([^`]*)`()", readme)]
    lines += re.findall(r"^python3 start\.py (?!test)(\w.*?)$", readme, re.MULTILINE)
    lines += re.findall(r"`python3 start\.py (?!test)(\w[^`]*)`", readme)
    return [shlex.split(line) for line in dict.fromkeys(lines) if not WORD_FOR_SOMETHING.search(line.replace("KZ", ""))]


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_commands_of_the_readme_run_as_they_stand(readme: str, run_cli: RunCli) -> None:
    commands = concrete_commands(readme)
    assert ["route", "Almaty", "Rotterdam", "--lang", "ru"] in commands and len(commands) >= 4
    for words in commands:
        if len(words) > 1 or words == ["validate"]:
            assert run_cli(*words).code == 0, words


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_examples_in_the_help_run_as_they_stand(
    run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("answer.json").write_text(run_cli("route", "VNHPH", "DEDUI", "--json").out, encoding="utf-8")
    Path("journeys.csv").write_text("origin,destination,days_min\nXi'an,Duisburg,14\n", encoding="utf-8")
    Path("article.txt").write_text("In 2023 exports of Kazakhstan to Vietnam were $180.2 million.\n", encoding="utf-8")
    write_town(Path())
    pages = [keruen, *(command_named(list(path))[0] for path in all_commands(keruen))]
    lines = [line for page in pages for line in (page.help or "").splitlines()]
    examples = [found[1] for line in lines if (found := re.search(r"(?:^|\s{2,})keruen (\S.*?)(?:\s{3,}|$)", line))]
    commands = [shlex.split(example) for example in dict.fromkeys(examples)]
    assert len(commands) >= 15
    for words in commands:
        # serve answers until it is stopped: tests/web/test_safety.py starts it; trade asks a store: test_cli_statistics.py makes one
        if words[0] not in ("serve", "trade"):
            assert run_cli(*words).code == 0, words


# Pages


def test_the_page_of_commands_is_current(house: Path) -> None:
    make = runpy.run_path(str(house / "docs" / "make_command_page.py"))
    page = (house / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert page == make["page"](), "docs/command-line.md is not current: run `python docs/make_command_page.py`"


def test_the_page_of_commands_has_them_all(house: Path) -> None:
    page = (house / "docs" / "command-line.md").read_text(encoding="utf-8")
    for path in all_commands(keruen):
        section = re.search(rf"^## keruen {' '.join(path)}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
        assert section, path
        missing = {name for name in options_of(command_named(list(path))[0]) if name not in section[1]}
        assert not missing, (path, missing)


def test_every_option_says_what_it_is_for() -> None:
    for path in all_commands(keruen):
        command, _ = command_named(list(path))
        assert command.help and len(command.help) > 30, path
        assert all(option.help for option in command.params if isinstance(option, click.Option)), path


def test_links_lead_somewhere(house: Path) -> None:
    pages = [
        house / "README.md",
        house / "CHANGELOG.md",
        *(house / "docs").rglob("*.md"),
        *(house / "benchmarks").glob("*.md"),
    ]
    for page in pages:
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert "://" in link or (page.parent / link).exists(), f"{page.name}: {link}"


# Figures

PARAMETER_TABLES = ("speeds", "tariffs", "waits", "handling", "border_dwell", "gauge_yards", "services")


def test_the_share_of_parameters_that_are_assumptions_is_as_said(readme: str, shipped: Dataset) -> None:
    said = re.search(r"About (\d+) % of the rows of parameters", readme)
    assert said
    bases = [basis for table in PARAMETER_TABLES for basis in shipped[table].texts("basis")]
    assert float(said[1]) == pytest.approx(100 * bases.count("assumed") / len(bases), abs=3)
