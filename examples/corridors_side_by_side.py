"""The same journey for two loads and without the Suez Canal, each drawn on a map and written as a GeoPackage.

python examples/corridors_side_by_side.py [FOLDER]          without a folder: a new one among the temporary files
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import keruen
from keruen.reports.charts import draw_map
from keruen.reports.export import write_geopackage
from keruen.routing.result import RouteResult

ELECTRONICS = keruen.Shipment(commodity="electronics", unit="40ft")
FURNITURE = keruen.Shipment(commodity="furniture", unit="40ft", carbon_price_usd_per_t=80)


def main(folder: Path) -> None:
    """Ask three questions, print the unbeaten ways of each, and leave a map and a GeoPackage of each in the folder."""
    data = keruen.load()
    for name, shipment, avoid in (
        ("electronics", ELECTRONICS, []),
        ("furniture", FURNITURE, []),
        ("electronics without Suez", ELECTRONICS, ["suez"]),
    ):
        answer = keruen.route(data, "VNHPH", "DEDUI", shipment=shipment, avoid=avoid, only_unbeaten=True)
        print(f"\n{name}")
        show(answer, folder / name.replace(" ", "_"))
    print(f"\nMaps and GeoPackages are in {folder}")


def show(answer: RouteResult, path: Path) -> None:
    """Print the ways of an answer and write its map and its GeoPackage."""
    for way in answer.routes:
        co2e_t = "?" if way.co2e_kg is None else f"{way.co2e_kg / 1000:.1f}"
        print(f"  {way.corridor_name:40} {way.time_h / 24:5.1f} days {way.cost_usd:9,.0f} USD {co2e_t:>6} t CO2e")
    lines = answer.to_dict(geometry=True)
    draw_map(lines, path.with_suffix(".png"))
    write_geopackage(lines, path.with_suffix(".gpkg"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="keruen-")))
