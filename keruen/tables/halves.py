"""Two halves of the evidence about journeys and prices: parameters are fitted on one, errors are reported on the other.

    half of a row = fit      if a parameter names the row as its evidence, so that it was seen when the parameter was chosen
                  = fit      if SHA-256(seed : claim group) is even
                  = report   otherwise

Rows that repeat one claim share a half. What was announced, aimed at or computed is in the halves too but is never fitted to.
"""

from __future__ import annotations

import hashlib

from keruen.tables.dataset import Dataset
from keruen.tables.table import Row

SEED = 2026
FIT, REPORT = "fit", "report"
HAPPENED = (
    "observed",
    "reported_typical",
)  # bases of journeys that tell what happened; others announce, aim, compare or compute


def evidence_of_parameters(data: Dataset) -> frozenset[str]:
    """Ids (`table:key`) of the rows that parameters name as their evidence."""
    tables = [data[name] for name in data if "evidence" in data.schema[name]]
    return frozenset(item for rows in tables for row in rows for item in row.texts("evidence"))


def half_of(row: Row, seen: frozenset[str]) -> str:
    """The half, `fit` or `report`, of a row of journeys or prices; `seen` are the rows that parameters rest on."""
    return FIT if row.id in seen else half_of_claim(row.text("claim_group"))


def half_of_claim(group: str) -> str:
    """The half of a claim, the same on every machine."""
    return (FIT, REPORT)[hashlib.sha256(f"{SEED}:{group}".encode()).digest()[0] % 2]
