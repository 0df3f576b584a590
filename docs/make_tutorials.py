"""Write outputs into README.md and docs/tutorials/*.md, and the notebooks made of the tutorials: `python docs/make_tutorials.py [NAME ...]`

A tutorial is a page of Markdown; docs/shown.py says which of its blocks are run. Its notebook holds the same words, commands (`%keruen
...`), programs and outputs, so that neither can tell what the other does not. NAME is a tutorial (shipper) or README; all by default.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS))

from shown import Piece, pieces, refreshed  # noqa: E402 (the folder of this file is no package)

TUTORIALS = DOCS / "tutorials"
NOTEBOOKS = DOCS / "notebooks"
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(page: str) -> dict[str, Any]:
    """The notebook of a tutorial."""
    cells = [*cells_of(page)]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}


def cells_of(page: str) -> Iterator[dict[str, Any]]:
    """The cells of a tutorial; the word `%keruen` is taught before the first that uses it."""
    taught = False
    for piece in pieces(page):
        if piece.kind == "words":
            text = re.sub(r"\]\((?!https?:)([^)#\s]+\.(?:md|png|py))", r"](../tutorials/\1", piece.text)
            yield {"cell_type": "markdown", "metadata": {}, "source": lines(text)}
            continue
        if piece.kind == "command" and not taught:
            taught = True
            yield code("%load_ext keruen.notebook\n", None)
        yield code(source(piece), piece.output)


def source(piece: Piece) -> str:
    """What a cell runs for a piece of a page."""
    if piece.kind == "command":
        return f"%{piece.text}\n"
    return f"%%writefile {piece.name}\n{piece.text}" if piece.kind == "file" else piece.text


def code(text: str, output: str | None) -> dict[str, Any]:
    """A cell with what it prints."""
    shown = [{"name": "stdout", "output_type": "stream", "text": lines(output)}] if output else []
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": shown, "source": lines(text)}


def lines(text: str) -> list[str]:
    """A text as notebooks keep it."""
    return text.rstrip("\n").splitlines(keepends=True)


def written(page: str) -> str:
    """The notebook of a tutorial as its file holds it."""
    return json.dumps(notebook(page), ensure_ascii=False, indent=1) + "\n"


def main(names: list[str]) -> None:
    """Refresh the pages named, all by default, and write their notebooks."""
    NOTEBOOKS.mkdir(exist_ok=True)
    for path in [DOCS.parent / "README.md", *sorted(TUTORIALS.glob("*.md"))]:
        if names and path.stem not in names:
            continue
        page = refreshed(path.read_text(encoding="utf-8"))
        path.write_text(page, encoding="utf-8")
        if path.parent == TUTORIALS and path.stem != "index":
            (NOTEBOOKS / f"{path.stem}.ipynb").write_text(written(page), encoding="utf-8")
        print(f"wrote {path.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
