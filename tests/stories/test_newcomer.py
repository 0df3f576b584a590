"""What a newcomer meets: the walk through six questions, words completed by Tab, a line while a command works."""

from __future__ import annotations

import io
import os
import pty
import re
import resource
import shutil
import subprocess
import sys
import time
from contextlib import redirect_stderr
from pathlib import Path

import pytest
from command_line import HOUSE, RunCli, command_of, environment

from keruen.reports import waiting
from keruen.reports.console import say, tell
from keruen.tables.words import words_in

# The walk


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_the_walk_asks_six_questions_with_commands_that_can_be_typed(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, house: Path
) -> None:
    monkeypatch.chdir(house)
    said = run_cli("demo")
    assert said.code == 0, said.err
    commands = re.findall(r"^\$ keruen (\S+)", said.out, re.MULTILINE)
    assert commands == ["route", "flows", "check", "exposure", "chain", "compare"]
    assert re.findall(r"^(\d)/6  ", said.out, re.MULTILINE) == list("123456")
    assert said.out.count("What to see:") == 6
    of_question = said.out.split("What to see:")
    assert "By the Suez Canal" in of_question[0] and "ro-ro ferry a week" in of_question[1]
    assert "differs" in of_question[2] and "Kazakhstan" in of_question[3]
    assert "kg CO2e" in of_question[4] and "changes" in of_question[5]


def test_one_question_of_the_walk_in_russian(run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = run_cli("demo", "--only", "3", "--lang", "ru")
    assert said.code == 0 and said.out.startswith("3/6  Верны ли числа текста?") and "Что видно:" in said.out
    asked = re.search(r"^\$ keruen (check .*)$", said.out, re.MULTILINE)
    assert asked and "ещё строк" in said.out
    assert run_cli(*asked[1].split()).out.splitlines()[0] in said.out, (
        "the command that is shown is the one that was run"
    )
    assert run_cli("demo", "--only", "7").code == 2


# Tab


def completed(*typed: str, shell: str = "zsh") -> list[str]:
    """What a shell is told at a press of Tab after these words, the last of them begun."""
    told = {"_KERUEN_COMPLETE": f"{shell}_complete", "COMP_WORDS": " ".join(typed), "COMP_CWORD": str(len(typed) - 1)}
    done = subprocess.run(
        command_of(), env=environment(told), capture_output=True, text=True, timeout=60, encoding="utf-8"
    )
    assert done.returncode == 0 and not done.stderr, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("keruen rou", "route"),
        ("keruen route DEDU", "DEDUI"),
        ("keruen route Duis", "Duisburg"),
        ("keruen route VNHPH DEDUI --avoid sue", "suez"),
        ("keruen route VNHPH DEDUI --scenario red", "red_sea_closed"),
        ("keruen compare suez_c", "suez_closed"),
        ("keruen exposure titanium_m", "titanium_metal"),
        ("keruen exposure titanium_metal --buyer Viet", "Vietnam"),
        ("keruen tables tarif", "tariffs"),
    ],
)
def test_words_are_completed(typed: str, wanted: str) -> None:
    assert wanted in completed(*typed.split())


def test_an_answer_to_tab_comes_at_once() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "Алматы" in completed("keruen", "route", "Алма")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.3


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_completes_a_name_of_two_words(tmp_path: Path) -> None:
    program = tmp_path / "keruen"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m keruen "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = """
        eval "$(keruen completion bash)"
        COMP_WORDS=(keruen route 'Hai\\ Ph'); COMP_CWORD=2
        _keruen_completion keruen
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    env = environment({"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"})
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == ["Hai\\ Phong"], done.stderr


def test_each_shell_gets_a_script_and_another_a_sentence(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> None:
    for shell in ("bash", "zsh", "fish"):
        said = run_cli("completion", shell)
        assert said.code == 0 and f"_KERUEN_COMPLETE={shell}_complete" in said.out
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    said = run_cli("completion")
    assert said.code == 2 and "keruen completion bash|zsh|fish" in said.err


# While it works


class Terminal(io.StringIO):
    """A standard error somebody looks at."""

    def isatty(self) -> bool:
        return True


def until_seen(stream: Terminal, text: str) -> bool:
    """Whether a text appears within some seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end and text not in stream.getvalue():
        time.sleep(0.02)
    return text in stream.getvalue()


def test_work_is_seen_on_a_terminal_until_the_answer_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PATIENCE_S", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    with redirect_stderr(terminal), waiting.waiting(lambda: "ru"):
        waiting.advance("search", 0.4)
        assert until_seen(terminal, "Ищутся пути")
        tell("beside")
        waiting.advance("certify", 0.5)
        assert until_seen(terminal, "Проверяется"), "what is said beside the answer does not end the line"
        say("answer")
        drawn = len(terminal.getvalue())
        waiting.advance("reliability", 0.9)
        time.sleep(0.3)
    assert "beside" in terminal.getvalue() and len(terminal.getvalue()) == drawn


def test_nothing_is_drawn_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(waiting, "PATIENCE_S", 0.0)
    with redirect_stderr(stream), waiting.waiting(lambda: "en"):
        waiting.advance("search", 0.4)
        time.sleep(0.2)
    assert stream.getvalue() == ""


def test_every_stage_has_its_words() -> None:
    files = [*(HOUSE / "keruen").glob("*.py"), *(HOUSE / "keruen" / "routing").glob("*.py")]
    files += (HOUSE / "keruen" / "flows").glob("*.py")
    texts = [path.read_text(encoding="utf-8") for path in files]
    stages = {one for text in texts for one in re.findall(r"\b(?:tell|advance|progress)\(\s*\"([a-z_]+)\"", text)}
    missing = {stage for stage in stages if f"working_{stage}" not in words_in("en")}
    assert {"search", "flow_routes", "exposure"} <= stages and not missing


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_a_search_on_a_terminal_shows_how_far_it_is_and_leaves_nothing_behind() -> None:
    ours, theirs = pty.openpty()
    words = ("compare", "suez_closed", "CNSHA", "NLRTM")
    process = subprocess.Popen(
        command_of(*words), env=environment({"TERM": "xterm"}), stdout=subprocess.PIPE, stderr=theirs
    )
    os.close(theirs)
    drawn = b""
    try:
        while piece := os.read(ours, 65536):
            drawn += piece
    except OSError:  # the other end was closed
        pass
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and "Suez Canal closed" in out.decode()
    assert "Looking for each corridor on both sides" in drawn.decode()
    assert drawn.rstrip().endswith((b"\x1b[2K", b"\x1b[?25h")), "the line is wiped and the cursor is back"
