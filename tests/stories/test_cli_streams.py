"""Streams, signs and signals: what a shell, a pipe, an old terminal or an impatient user does to a command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import RunCli, command_of, environment

ASKED = ("route", "VNHPH", "DEDUI")
posix = pytest.mark.skipif(os.name == "nt", reason="pipes and terminals of this kind are not there on Windows")


# Signs


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
@pytest.mark.parametrize("encoding", ["ascii", "cp1251", "cp866", "latin-1"])
def test_an_encoding_that_lacks_signs_gets_others(spawn_cli: RunCli, encoding: str) -> None:
    said = spawn_cli(*ASKED, "--lang", "ru", "--legs", "none", env={"PYTHONIOENCODING": encoding}, encoding=encoding)
    assert said.code == 0 and said.err == ""
    assert "(VNHPH) -> " in said.out and "(DEDUI)" in said.out
    if encoding in ("cp1251", "cp866"):
        assert "Хайфон (VNHPH) -> Дуйсбург (DEDUI)" in said.out


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_json_reads_the_same_in_every_encoding(spawn_cli: RunCli) -> None:
    words = (*ASKED, "--fastest", "--json")
    usual = spawn_cli(*words)
    ascii_only = spawn_cli(*words, env={"PYTHONIOENCODING": "ascii"}, encoding="ascii")
    assert "Хайфон" in usual.out and "Хайфон" not in ascii_only.out
    assert ascii_only.json == usual.json


@pytest.mark.parametrize("words", [("--help",), ("route", "--help"), ("places", "--help")])
def test_help_with_russian_examples_is_read_on_any_terminal(spawn_cli: RunCli, words: tuple[str, ...]) -> None:
    for encoding in ("ascii", "cp1252"):
        said = spawn_cli(*words, env={"PYTHONIOENCODING": encoding}, encoding="latin-1")
        assert said.code == 0 and said.err == "" and said.out.startswith("Usage: keruen")
    assert "\N{REPLACEMENT CHARACTER}" not in spawn_cli(*words).out


def test_errors_with_russian_words_are_read_on_any_terminal(spawn_cli: RunCli) -> None:
    said = spawn_cli("tables", "скорости", env={"PYTHONIOENCODING": "ascii"}, encoding="ascii")
    assert said.code == 2 and "There is no table '????????'" in said.err
    told = spawn_cli("tables", "скорости", "--json", env={"PYTHONIOENCODING": "ascii"}, encoding="ascii")
    assert told.code == 2 and "--json" in told.error["message"]  # tables are CSV


def test_a_poor_locale_does_not_matter_in_a_pipe(spawn_cli: RunCli) -> None:
    said = spawn_cli("tables", "countries", env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    assert said.code == 0 and "Казахстан" in said.out


@posix
def test_words_that_are_no_text(spawn_cli: RunCli, tmp_path: Path) -> None:
    process = subprocess.run(
        [*map(os.fsencode, command_of("places")), b"\xff\xfe"], env=environment({}), cwd=tmp_path, capture_output=True
    )
    assert (
        process.returncode == 2
        and b"is not text in the encoding" in process.stderr
        and b"Traceback" not in process.stderr
    )


# Colours


@posix
@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_are_for_terminals_that_want_them(variables: dict[str, str], coloured: bool) -> None:
    import pty

    ours, theirs = pty.openpty()
    env = environment({"NO_COLOR": None, "TERM": "xterm", **variables})
    process = subprocess.Popen(command_of("tables", "nope"), env=env, stdout=theirs, stderr=theirs, close_fds=True)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 1 << 16)
        except OSError:  # Linux says so when the other side is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert process.wait(timeout=60) == 2
    assert b"There is no table 'nope'" in shown and (b"\x1b[31m" in shown) == coloured


# Pipes


@posix
@pytest.mark.world
@pytest.mark.usefixtures("world_data")
@pytest.mark.parametrize(
    "words", [("tables", "legs"), ("validate",), (*ASKED,), (*ASKED, "--json"), ("route", "x", "y", "--json")]
)
@pytest.mark.parametrize("lines", [0, 1])
def test_a_reader_who_goes_away_ends_it_quietly(words: tuple[str, ...], lines: int) -> None:
    """keruen ... | head -1"""
    process = subprocess.Popen(command_of(*words), env=environment({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout and process.stderr
    for _ in range(lines):
        process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) in (0, 1, 2, 3)
    assert err == b""


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.world
@pytest.mark.usefixtures("world_data")
@pytest.mark.parametrize(
    "words", [("tables", "legs"), ("validate", "--json"), (*ASKED,), (*ASKED, "--json"), ("route", "x", "y", "--json")]
)
def test_an_output_that_is_full_is_told(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        process = subprocess.run(
            command_of(*words), env=environment({}), stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert process.returncode == 2
    assert process.stderr == "error: The answer cannot be written out: No space left on device.\n"


@posix
@pytest.mark.parametrize("descriptor", [1, 2])
def test_a_closed_stream_is_no_crash(descriptor: int, tmp_path: Path) -> None:
    closing = f"import os, sys; os.close({descriptor}); os.execv(sys.executable, sys.argv[1:])"
    process = subprocess.run(
        [sys.executable, "-c", closing, *command_of("tables")],
        env=environment({}),
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0 and process.stderr == ""
    assert bool(process.stdout) == (descriptor == 2)


# Only the answer on standard output


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_progress_is_not_part_of_the_answer(
    fresh_cli: RunCli, world_data: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keruen.network import build
    from keruen.network.cache import load_arrays

    built = load_arrays(build.open_world(world_data).folder)  # type: ignore[arg-type]

    def build_arrays(data: object, tell: build.Progress) -> object:
        for stage, share in (("names", 0.0), ("railways", 0.1), ("arrays", 0.9)):
            tell(stage, share)
        return built

    monkeypatch.setattr(build, "build_arrays", build_arrays)
    monkeypatch.setenv("KERUEN_CACHE", str(tmp_path / "new"))
    first = fresh_cli(*ASKED, "--fastest", "--json")
    assert first.code == 0 and first.json["routes"]
    assert first.err.startswith("Building the world network (once; about a minute) ...")
    second = fresh_cli(*ASKED, "--fastest", "--json")
    assert second.err == "" and second.out == first.out


# Time


@pytest.fixture
def quiet() -> None:
    """A machine on which times can be measured: processes that share a processor slow each other down."""
    for _ in range(20):  # what went before may still be ending
        if busy_share(0.5) < 0.25:
            return
    pytest.skip("the machine is busy with other work")


def busy_share(seconds: float) -> float:
    """Share of all processors' time that is spent on anything while this process sleeps; 0 where the system does not tell."""

    def ticks() -> tuple[int, int]:
        user, nice, system, idle, wait, *rest = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:])
        return idle + wait, user + nice + system + idle + wait + sum(rest[:3])

    if not Path("/proc/stat").exists():
        return 0.0
    idle, whole = ticks()
    time.sleep(seconds)
    later_idle, later_whole = ticks()
    return 1 - (later_idle - idle) / max(later_whole - whole, 1)


def best_of(times: int, *words: str) -> float:
    """Least wall time of a command in seconds, as a whole process."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command_of(*words), env=environment({}), check=True, capture_output=True)
        spent.append(time.perf_counter() - start)
    return min(spent)


@posix
@pytest.mark.alone
def test_help_is_there_at_once(quiet: None) -> None:
    assert best_of(5, "--help") <= 0.3
    assert best_of(5, "route", "--help") <= 0.3


@posix
@pytest.mark.alone
@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_an_answer_is_there_in_a_blink(quiet: None) -> None:
    assert best_of(5, *ASKED) <= 1.5


def test_help_imports_nothing_heavy() -> None:
    script = "import sys, keruen.cli; print([name for name in sys.modules if name in ('numpy', 'rich', 'matplotlib', 'scipy')])"
    process = subprocess.run(
        [sys.executable, "-c", script], env=environment({}), capture_output=True, text=True, check=True
    )
    assert json.loads(process.stdout.replace("'", '"')) == []
