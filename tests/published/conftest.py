"""The base lines of the world, built once for all tests that ask for them (25 s) and kept in the temporary folder."""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from pathlib import Path

import numpy as np
import pytest

import keruen.network
from keruen.network.base import BaseReport, Lines, base_lines
from keruen.network.packages import LINE_FILES, line_file
from keruen.tables.dataset import load

BaseLines = dict[str, tuple[Lines, BaseReport]]
TABLES = ("countries", "places", "rail_lines", "network_repairs")


@pytest.fixture(scope="session")
def base() -> BaseLines:
    """Lines and report of each mode, from the shipped tables; built anew whenever a table or a module changes."""
    data = load()
    kept = Path(tempfile.gettempdir()) / f"keruen-base-{content_name(data.hash_of(TABLES))}.pickle"
    if kept.exists():
        return pickle.loads(kept.read_bytes())
    keep = np.stack([data["places"].numbers("lat"), data["places"].numbers("lon")], axis=1)
    tables = [list(data[name]) for name in ("countries", "rail_lines", "network_repairs")]
    built = {mode: base_lines(mode, *tables, keep) for mode in LINE_FILES}
    fresh = kept.with_suffix(".new")
    fresh.write_bytes(pickle.dumps(built))
    fresh.replace(kept)
    return built


def content_name(tables: str) -> str:
    """Short name of everything that the base lines follow from."""
    digest = hashlib.sha256(tables.encode())
    for path in sorted(Path(keruen.network.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    for mode in LINE_FILES:
        digest.update(str(line_file(mode).stat().st_size).encode())
    return digest.hexdigest()[:16]
