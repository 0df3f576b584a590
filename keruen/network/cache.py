"""The built network on disk: one folder of memory-mapped arrays under a content hash.

    <cache>/keruen/<hash>/manifest.json + one .npy per array          <cache>: $KERUEN_CACHE, else the user's cache folder

The hash covers the tables, the versions of the packages that carry the lines, and the code that joins them, so that a changed input
is a new folder and a stale one is never read. A folder is written under a temporary name and renamed when it is whole: an
interrupted build leaves nothing that could be mistaken for a network, and what it left is removed by a build a day later. Every array
has its CRC-32 in the manifest.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keruen.errors import DamagedCache

Arrays = dict[str, NDArray[Any]]
BUILT = re.compile(r"\.?world-[0-9a-f]{16}(-(hierarchy|map)-\w+)?(-\w+)?")
DRAFT_LIVES_S = 24 * 3600.0  # a build takes minutes


def cache_root() -> Path:
    """Folder for everything Keruen builds: $KERUEN_CACHE or the platform's cache folder."""
    if chosen := os.environ.get("KERUEN_CACHE"):
        return Path(chosen)
    try:
        home = Path.home()
    except RuntimeError:  # a user without a home, as in some containers
        home = Path(tempfile.gettempdir())
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "keruen"
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", str(home))) / "keruen" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME", str(home / ".cache"))) / "keruen"


def save_arrays(folder: Path, arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> None:
    """Write arrays as a new folder, atomically. A folder that another process finished meanwhile is kept.

    Raises:
        OSError: no space or no permission; nothing half-made is left under the final name.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        entries = {}
        for name, array in arrays.items():
            path = draft / f"{name}.npy"
            np.save(path, array, allow_pickle=False)
            entries[name] = {"bytes": path.stat().st_size, "crc32": checksum(path)}
        manifest = {"about": dict(about), "arrays": entries}
        (draft / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
        try:
            draft.rename(folder)
        except OSError:
            if not (folder / "manifest.json").exists():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def load_arrays(folder: Path) -> tuple[Arrays, dict[str, Any]]:
    """Memory-map the arrays of a finished folder, after checking sizes and checksums; returns (arrays, about).

    Raises:
        DamagedCache: a file is missing, cut or changed; the message names it and says how to rebuild.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        entries = {name: (int(entry["bytes"]), int(entry["crc32"])) for name, entry in manifest["arrays"].items()}
        about = dict(manifest["about"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise damaged(folder, "manifest.json", f"cannot be read ({problem})") from None
    arrays: Arrays = {}
    for name, (size, crc) in entries.items():
        path = folder / f"{name}.npy"
        if not path.exists():
            raise damaged(folder, path.name, "is missing")
        if path.stat().st_size != size:
            raise damaged(folder, path.name, f"has {path.stat().st_size} bytes instead of {size}")
        if checksum(path) != crc:
            raise damaged(folder, path.name, "does not match its checksum")
        array = np.load(path, mmap_mode="r", allow_pickle=False)
        arrays[name] = array.view(np.ndarray)
    return arrays, about


def damaged(folder: Path, file: str, what: str) -> DamagedCache:
    """The error for a cache folder that cannot be trusted."""
    return DamagedCache(
        f"The cached world network is damaged: {file} {what} (in {folder}). "
        "Rebuild it with `keruen network build --force`; nothing else is lost."
    )


def checksum(path: Path) -> int:
    """CRC-32 of a file."""
    crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            crc = zlib.crc32(block, crc)
    return crc


def remove_old_drafts(root: Path, *, now: float | None = None) -> list[Path]:
    """Remove what builds that were killed left behind: draft folders untouched for a day, which no build takes. Returns those removed.

    One that cannot be removed stays.
    """
    limit = (time.time() if now is None else now) - DRAFT_LIVES_S
    old = [folder for folder in root.glob(".*-*") if is_built(folder) and folder.stat().st_mtime < limit]
    return [folder for folder in old if removed(folder)]


def remove_others(root: Path, keep: Path) -> list[Path]:
    """Remove all networks of a cache but one, with what was worked out from them, and old drafts. Returns the folders removed.

    A network in use elsewhere is safe where the system lets open files be unlinked; where it does not, it stays.
    """
    others = [folder for folder in root.glob("world-*") if is_built(folder) and not folder.name.startswith(keep.name)]
    return remove_old_drafts(root) + [folder for folder in others if removed(folder)]


def is_built(folder: Path) -> bool:
    """Whether a folder is one that Keruen made: a network, or the draft of one."""
    return BUILT.fullmatch(folder.name) is not None and folder.is_dir() and not folder.is_symlink()


def removed(folder: Path) -> bool:
    """Remove a folder; whether it is gone."""
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def cached(folder: Path, build: Callable[[], tuple[Arrays, dict[str, Any]]]) -> tuple[Arrays, dict[str, Any]]:
    """Arrays of `folder`, built and saved first if the folder does not exist."""
    if not folder.exists():
        remove_old_drafts(folder.parent)
        arrays, about = build()
        save_arrays(folder, arrays, about)
    return load_arrays(folder)
