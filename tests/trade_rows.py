"""A trade store for a test: rows written straight into it, as an import would."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from keruen.tables.dataset import Dataset
from keruen.trade.store import Store, create_store

USUAL: Mapping[str, object] = {
    "import_id": 1, "reporter": "KAZ", "partner": "CHN", "flow": "export", "classification": "HS17", "code": "TOTAL", "start": "2023-01-01",
    "months": 12, "value": 1.0, "currency": "USD", "valuation": "FOB", "mass_t": None, "mode": None, "perspective": "reporter",
}  # fmt: skip
KIND = ("import_id", "flow", "classification", "start", "months", "currency", "valuation", "mode", "perspective")
FLOW = ("reporter", "partner", "code", "value", "mass_t")


def import_row(
    number: int, *, format: str = "comtrade", source: str = "UN Comtrade", edition: str | None = None
) -> tuple[object, ...]:
    """A row of the table of imports."""
    return (number, format, source, edition)


def trade_store(
    data: Dataset,
    path: Path,
    rows: Iterable[Mapping[str, object]],
    imports: Iterable[tuple[object, ...]] = (import_row(1),),
) -> Store:
    """An open store that holds these rows; each names what differs from USUAL."""
    store = create_store(data, path)
    store.connection.executemany(
        "INSERT INTO imports (import_id, format, source, edition) VALUES (?, ?, ?, ?)", [list(one) for one in imports]
    )
    kinds: dict[tuple[object, ...], int] = {}
    flows = []
    for row in rows:
        whole = {**USUAL, "valuation": "CIF" if row.get("flow") == "import" else "FOB", **row}
        kind = kinds.setdefault(tuple(whole[name] for name in KIND), len(kinds) + 1)
        flows.append([kind, *(whole[name] for name in FLOW)])
    store.connection.executemany(
        f"INSERT INTO kinds (kind, {', '.join(KIND)}) VALUES (?{', ?' * len(KIND)})",
        [[number, *key] for key, number in kinds.items()],
    )
    store.connection.executemany(f"INSERT INTO flows (kind, {', '.join(FLOW)}) VALUES (?{', ?' * len(FLOW)})", flows)
    return store
