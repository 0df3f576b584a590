"""Is the Trans-Caspian route three to four times faster than the sea, as is said of it? Where, and where not?

    python examples/faster_than_the_sea.py [FOLDER] [--few]       without a folder: a new one among the temporary files

For exports from Vietnam and from inland China to many places: half of the journeys by the Trans-Caspian route beside half of those by the
sea, through Suez before the Red Sea crisis and round the Cape since December 2023. Leaves a map and two tables for each origin.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import keruen
from keruen.network.build import open_world
from keruen.network.gazetteer import resolve
from keruen.reports.ratio_map import Comparison, Pair, draw_ratio_map, ratio_table
from keruen.routing.ends import place_ref
from keruen.routing.reach import reach

ORIGINS = {"VNHPH": "Hai Phong", "CNXAG": "Xi'an"}
TRANS_CASPIAN = (
    "trans_caspian", "trans_caspian_btk", "trans_caspian_black_sea", "trans_caspian_turkmen", "trans_caspian_turkmen_btk",
)  # fmt: skip
FEW = ("AZBAK", "GEPTI", "TRIST", "DEDUI")
MANY = (
    "AZBAK", "GETBS", "GEPTI", "AMEVN", "IRTHR", "TMASB", "UZTAS", "KZALA", "TRIST", "TRANK", "TRMER", "BGSOF", "ROCND", "GRATH",
    "HUBUD", "ATVIE", "CZPRG", "PLWAW", "PLGDN", "LTVNO", "LTKLJ", "DEDUI", "DEHAM", "NLRTM", "BEANR", "FRPAR", "ITMIL", "ESBCN",
    "ESMAD", "GBLON", "SESTO", "FIHEL", "UAIEV", "RSBEG", "HRZAG",
)  # fmt: skip
SEAS = {
    "by Suez, in October 2023 before the Red Sea crisis": ("suez", "2023-10-15"),
    "round the Cape, in March 2024": ("cape", "2024-03-15"),
}


def main(folder: Path, destinations: tuple[str, ...]) -> None:
    """Compare, print what the claim is worth, and leave maps and tables in the folder."""
    data = keruen.load()
    gazetteer = open_world(data).gazetteer
    places = [place_ref(resolve(gazetteer, code)) for code in destinations]
    for origin, name in ORIGINS.items():
        comparisons = []
        for sea, (corridor, day) in SEAS.items():
            land = reach(data, origin, destinations, TRANS_CASPIAN, depart=day)
            ships = reach(data, origin, destinations, (corridor,), depart=day)
            pairs = [Pair(place, land.get(place.place), ships.get(place.place)) for place in places]
            comparisons.append(Comparison(f"Trans-Caspian beside the sea {sea}", pairs))
            print(f"\n{name}: the Trans-Caspian route beside the sea {sea}")
            tell(pairs)
            (folder / f"{origin}_{corridor}.csv").write_text(ratio_table(comparisons[-1]), encoding="utf-8")
        title = f"How many times faster than the sea? Exports from {name}, half of the journeys"
        draw_ratio_map(comparisons, folder / f"{origin}.png", title=title)
    print(f"\nMaps and tables are in {folder}")


def tell(pairs: list[Pair]) -> None:
    """Print the destinations from the greatest ratio down, and how many of them the claim holds for."""
    known = sorted((pair for pair in pairs if pair.ratio()), key=lambda pair: -(pair.ratio() or 0))
    for pair in known:
        (mine, others), (late, others_late) = pair.days(50), pair.days(90)
        print(
            f"  {pair.place.name:16} {mine:5.1f} days (P90 {late:.1f}) beside {others:5.1f} (P90 {others_late:.1f}):"
            f" {pair.ratio():.1f} times, {pair.ratio(90):.1f} at P90"
        )
    claimed = sum((pair.ratio() or 0) >= 3 for pair in known)
    faster = sum((pair.ratio() or 0) > 1 for pair in known)
    print(f"  Three times faster or more: {claimed} of {len(known)} places; faster at all: {faster}")
    if missing := [pair.place.name for pair in pairs if not pair.ratio()]:
        print(f"  No comparison, since one of the two does not lead there sensibly: {', '.join(missing)}")


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--few"]
    target = Path(words[0]) if words else Path(tempfile.mkdtemp(prefix="keruen-"))
    main(target, FEW if "--few" in sys.argv else MANY)
