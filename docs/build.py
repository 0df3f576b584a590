"""Make the site of all pages, tutorials, the data dictionary and the reference: `python docs/build.py [FOLDER]`, by default docs/_build.

Warnings are errors: a link that leads nowhere fails. `pip install keruen[docs]` brings what is needed; index.html of the folder opens in
any browser, without a server and without the internet.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent


def build(folder: Path) -> int:
    """Make the site in a folder; 0 if nothing was wrong."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    with patch_docutils(DOCS), docutils_namespace():
        site = Sphinx(
            DOCS, DOCS, folder, folder / ".doctrees", "html", status=None, warningiserror=True, exception_on_warning=False,
            parallel=1,
        )  # fmt: skip
        site.build()
        return site.statuscode


if __name__ == "__main__":
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # the same pages from the same sources
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS / "_build"
    code = build(folder)
    print(f"wrote {folder / 'index.html'}" if code == 0 else "There were warnings, see above.")
    sys.exit(code)
