"""What one may choose from: goods, load units, ships, sanctions, and what can be avoided or required, with their names.

`feature` is what `avoid` and `require` take; goods, units and ships have none.
"""

from __future__ import annotations

from typing import Any

from keruen.tables.dataset import Dataset
from keruen.tables.features import MODES
from keruen.tables.words import words_in

NAMED = {
    "corridors": "corridor",
    "passages": "passage",
    "countries": "country",
    "borders": "border",
    "services": "service",
}


def choices(data: Dataset) -> dict[str, list[dict[str, Any]]]:
    """All of it by kind, ready for JSON."""
    units = list(data["load_units"])
    en, ru = words_in("en"), words_in("ru")
    profiles = {row.text("profile"): row.text("name") for row in data["sanctions"]}
    return {
        "commodities": [
            {
                "key": row.text("commodity"), "name": row.text("name"), "name_ru": row.text("name_ru"), "unit": row.text("unit"),
                "units": [unit.text("unit") for unit in units if row.text("load") in unit.texts("loads")],
                "vot_usd_per_t_day": row.number("vot_usd_per_t_day"), "usd_per_t": row.number("usd_per_t"),
            }
            for row in data["commodities"]
        ],
        "units": [{"key": row.text("unit"), "name": row.text("name"), "name_ru": row.text("name_ru")} for row in units],
        "vessels": [
            {
                "key": row.text("vessel"), "name": row.text("name"), "name_ru": "", "draft_m": row.number("draft_m"),
                "beam_m": row.number("beam_m"),
            }
            for row in data["vessels"]
        ],
        "sanctions": [
            {
                "key": profile, "name": name, "name_ru": "",
                "items": [row.text("item") for row in data["sanctions"] if row.text("profile") == profile],
            }
            for profile, name in profiles.items()
        ],
        **{
            table: [
                {
                    "key": (key := row.id.partition(":")[2]), "name": row.text("name"), "name_ru": row.text("name_ru"),
                    "feature": f"{kind}:{key}",
                }
                for row in data[table]
            ]
            for table, kind in NAMED.items()
        },
        "modes": [
            {"key": mode, "name": en[f"mode_{mode}"], "name_ru": ru[f"mode_{mode}"], "feature": f"mode:{mode}"} for mode in MODES
        ],
    }  # fmt: skip
