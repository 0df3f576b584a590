"""How the workspace is served: where, to whom, and the limits that keep one visitor from taking the machine from the others.

Work is what costs: a search, a diagram, a workbook. So many run at once as there are cores, so many more wait; who asks for more than
`work_per_s` in the long run (and `work_at_once` in a burst) is told to come back. An answer that was worked out before costs nothing.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path


def default_workspace() -> Path:
    """Folder for what is saved in the workspace: $KERUEN_WORKSPACE, or the platform's folder for a user's data."""
    if chosen := os.environ.get("KERUEN_WORKSPACE"):
        return Path(chosen)
    try:
        home = Path.home()
    except RuntimeError:  # a user without a home, as in some containers
        home = Path(tempfile.gettempdir())
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "keruen"
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", str(home))) / "keruen" / "workspace"
    return Path(os.environ.get("XDG_DATA_HOME", str(home / ".local" / "share"))) / "keruen"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Address, token (empty: none is asked for), folder of what is saved, and limits.

    hosts: names by which the server may be called beside addresses of its own. trade: file of the trade store, None: where `keruen trade`
    keeps it. answer_s: seconds that one answer may take; flows_s: that flows of a whole
    demand may take, one at a time. work_per_s, work_at_once: pieces of work that one client may begin per second in
    the long run, and at once.
    """

    host: str = "127.0.0.1"
    port: int = 8470
    token: str = field(default="", repr=False)
    hosts: tuple[str, ...] = ("localhost",)
    workspace: Path = field(default_factory=default_workspace)
    trade: Path | None = None
    workers: int = field(default_factory=lambda: max(1, os.cpu_count() or 1))
    most_waiting: int = 256
    answer_s: float = 120.0
    flows_s: float = 900.0
    flows_waiting: int = 6
    body_bytes: int = 25_000_000
    kept_answers: int = 256
    kept_bytes: int = 256_000_000
    work_per_s: float = 20.0
    work_at_once: int = 400
