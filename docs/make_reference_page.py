"""Write docs/reference.md, the list of the public verbs that Sphinx fills from their docstrings: `python docs/make_reference_page.py`."""

from __future__ import annotations

import inspect
from pathlib import Path

import keruen

HEAD = """# The library

The public verbs and records of `import keruen`, each from its docstring; made by `docs/make_reference_page.py`. A question is a function
of a dataset that gives a frozen record; a scenario is a function from dataset to dataset.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for title, wanted in (("Verbs", inspect.isfunction), ("Records", inspect.isclass)):
        parts.append(f"## {title}\n")
        for name in keruen.__all__:
            thing = getattr(keruen, name)
            if wanted(thing):
                kind, options = ("autoclass", "\n:members:") if inspect.isclass(thing) else ("autofunction", "")
                parts.append(
                    f"### {name}\n\n```{{eval-rst}}\n.. {kind}:: keruen.{name}"
                    + options.replace("\n", "\n   ")
                    + "\n```\n"
                )
    return "\n".join(parts)


if __name__ == "__main__":
    (Path(__file__).parent / "reference.md").write_text(page(), encoding="utf-8")
