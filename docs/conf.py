"""How Sphinx makes the site of the pages in this folder: `python docs/build.py` (decision 0019).

Pages are Markdown (MyST); the reference comes from docstrings, in the house's own manner, which needs no extension. A file outside this
folder that a page links to (an example) goes into the site; a folder or a page outside it is named without a link. The site needs no
other: its theme keeps fonts and scripts with it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

import keruen

project = "Keruen"
author = "the authors of Keruen"
copyright = "the authors of Keruen, Apache-2.0"
version = release = keruen.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Keruen"
html_static_path = ["site"]
html_css_files = ["keruen.css"]
html_copy_source = False
html_show_sourcelink = False

myst_heading_anchors = 3
myst_enable_extensions = ["attrs_inline"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True

lexers["csv"] = TextLexer()

LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((\.\./[^)\s]*)\)")


def without_links_outside(app: Any, name: str, source: list[str]) -> None:
    """Name what is no page of the site, and no file that can be copied into it, without a link."""
    here = Path(app.srcdir, name).parent

    def told(link: re.Match[str]) -> str:
        target = (here / link[2].partition("#")[0]).resolve()
        outside = not target.is_relative_to(app.srcdir)
        return link[1] if target.is_dir() or (outside and target.suffix == ".md") else link[0]

    source[0] = LINK.sub(told, source[0])


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("source-read", without_links_outside)
