"""Constants of the choice of a route by kind of way, from the table choice_constants: what no cost says for or against it.

weight of route k = PS_k exp(a of its corridor's group) C_k^-beta          choice.py; fitted by calibrated.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keruen.flows.choice import Floats
from keruen.tables.dataset import Dataset


def group_of(data: Dataset, corridors: Sequence[str]) -> tuple[str, ...]:
    """The group of choice_constants that each corridor is of, empty for none."""
    found = {key: row.text("group") for row in data["choice_constants"] for key in row.texts("corridors")}
    return tuple(found.get(key, "") for key in corridors)


def constants_of(data: Dataset, corridors: Sequence[str]) -> Floats:
    """The constant of each corridor, float64[c], 0 for those of no group."""
    value = {row.text("group"): row.number("value") for row in data["choice_constants"]}
    return np.array([value.get(name, 0.0) for name in group_of(data, corridors)], float)
