"""What the README, the tutorials and their notebooks show is what is printed: every command and program on them is run."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import HOUSE, RunCli, environment

DOCS = HOUSE / "docs"
TUTORIALS = sorted(path.stem for path in (DOCS / "tutorials").glob("*.md") if path.stem != "index")
MAKE = "run `python docs/make_tutorials.py`"


@pytest.fixture(scope="module")
def make() -> dict[str, Any]:
    return runpy.run_path(str(DOCS / "make_tutorials.py"))


@pytest.fixture(scope="module")
def shown(make: dict[str, Any]) -> Any:
    return sys.modules["shown"]  # which the script before has brought


def test_there_is_a_tutorial_for_each_line_of_work() -> None:
    assert TUTORIALS == ["corridor", "investor", "journalist", "materials", "ministry", "shipper"]
    index = (DOCS / "tutorials" / "index.md").read_text(encoding="utf-8")
    assert all(f"({name}.md)" in index for name in TUTORIALS)
    assert sorted(path.stem for path in (DOCS / "notebooks").glob("*.ipynb")) == TUTORIALS


@pytest.mark.world
@pytest.mark.usefixtures("world_data", "run_cli")
def test_what_the_readme_prints_is_what_is_printed(shown: Any) -> None:
    page = (HOUSE / "README.md").read_text(encoding="utf-8")
    assert len([one for one in shown.pieces(page) if one.kind == "command"]) == 6
    assert not (parted := shown.differences(page)), f"{MAKE} README\n" + "\n".join(parted)


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_notebook_says_what_its_tutorial_says(make: dict[str, Any], name: str) -> None:
    page = (DOCS / "tutorials" / f"{name}.md").read_text(encoding="utf-8")
    held = (DOCS / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
    assert held == make["written"](page), f"{MAKE} {name}"


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
@pytest.mark.parametrize("name", TUTORIALS)
def test_a_notebook_runs_and_prints_what_it_shows(
    shown: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nbformat
    from nbclient import NotebookClient

    for variable, value in environment({"MPLBACKEND": "agg"}).items():
        monkeypatch.setenv(variable, value)
    document = nbformat.read(DOCS / "notebooks" / f"{name}.ipynb", as_version=4)
    wanted = [one.outputs[0].text if one.outputs else None for one in document.cells if one.cell_type == "code"]
    NotebookClient(document, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    cells = [one for one in document.cells if one.cell_type == "code"]
    for cell, before in zip(cells, wanted, strict=True):
        assert all(one.output_type == "stream" and one.name == "stdout" for one in cell.outputs), cell
        if before is not None:
            now = shown.plain("".join(one.text for one in cell.outputs))
            before = before.rstrip("\n") + "\n"
            assert shown.shortened(now, before) == before, f"{cell.source}\n{MAKE} {name}"


# The rules of such pages, on a page of its own

PAGE = """\
Words.

```console
$ keruen tables speeds --dictionary
...2
```

```text note.txt
kept
```

```python
from pathlib import Path

print(Path("note.txt").read_text(), end="")
for number in range(5):
    print(number)
```

```text
kept
...
4
```

```
keruen never run
```
"""


@pytest.mark.usefixtures("run_cli")
def test_a_page_is_written_anew_and_then_holds(shown: Any) -> None:
    page = shown.refreshed(PAGE)
    lines = page.splitlines()
    at = lines.index("$ keruen tables speeds --dictionary")
    assert ": " in lines[at + 1] and lines[at + 3] == "..." and lines[at + 4] == "```"
    assert "```text\nkept\n...\n4\n```" in page and page.endswith("keruen never run\n```\n")
    assert shown.refreshed(page) == page and not shown.differences(page)
    wrong = page.replace("```text\nkept\n...\n4\n", "```text\nkept\n...\n5\n")
    assert len(shown.differences(wrong)) == 1 and "--- printed\nkept\n...\n4" in shown.differences(wrong)[0]


@pytest.mark.usefixtures("run_cli")
def test_a_command_that_fails_is_no_page(shown: Any) -> None:
    with pytest.raises(RuntimeError, match="exit code 2"):
        shown.refreshed("```console\n$ keruen tables nonsense\n...\n```\n")


def test_a_notebook_has_the_words_commands_programs_and_files(make: dict[str, Any]) -> None:
    cells = make["notebook"](PAGE)["cells"]
    assert [one["cell_type"] for one in cells] == ["markdown", "code", "code", "code", "code", "markdown"]
    assert cells[1]["source"] == ["%load_ext keruen.notebook"]
    assert cells[2]["source"] == ["%keruen tables speeds --dictionary"]
    assert cells[3]["source"] == ["%%writefile note.txt\n", "kept"]
    assert json.loads(make["written"](PAGE))["nbformat"] == 4


def test_the_word_of_a_notebook_prints_a_command(run_cli: RunCli, capsys: pytest.CaptureFixture[str]) -> None:
    from keruen.notebook import keruen, load_ipython_extension

    class Shell:
        words: dict[str, object] = {}

        def register_magic_function(self, function: object, kind: str, name: str) -> None:
            self.words[name] = function

    shell = Shell()
    load_ipython_extension(shell)
    assert shell.words == {"keruen": keruen}
    keruen("tables speeds --dictionary")
    assert capsys.readouterr().out == run_cli("tables", "speeds", "--dictionary").out
