"""What a fall of the Caspian costs the ships that sail on it: a ship floats on what water there is and leaves cargo ashore.

    P(z) = payload - lost - t_per_m z           tonnes a ship may carry when the level is z metres below today's       (prismatic hull)
    r(z) = min(load, P(z)) / min(load, P(0))    what is left of the load of a sailing
    closed where draft - lost / t_per_m - z < light_draft, or r < least_share: the ship cannot enter, or is not sent for so little

The ships are rows of `caspian_ships`, by the kind of service; the services are those between two places on the Caspian (`sea_basins`).
What follows for a service, with r of its ships:

    price of a unit            / r     a sailing costs what it did and carries less
    capacity                   x r
    fill_teu                   x r     a ship that leaves when full is full sooner
    headway_h                  / r     where what waits for room waits (services without fill_teu): as much freight needs more sailings
    max_draft_m                - z

Loads by the lanes of the open sea (bulk by tonne and kilometre) are not changed: nothing says which of their ships are bound by draught.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from keruen.errors import Text
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row
from keruen.tables.words import said

BASIN = "caspian"
PRICES = ("usd_teu", "usd_feu", "usd_trailer", "usd_t")


@dataclass(frozen=True)
class Consequence:
    """What a fall does to one service: the new value of cells, or that it is closed; `ship` is the row it follows from.

    why: in a sentence.
    """

    service: str
    ship: str
    closed: bool
    cells: tuple[tuple[str, float], ...]
    why: Text


def consequences(data: Dataset, level_change_m: float) -> Iterator[Consequence]:
    """What a change of the level (metres, negative) does to each active service on the Caspian that has a ship in the table."""
    fall_m = -level_change_m
    for service in data["services"]:
        ship = data["caspian_ships"].find(service.text("kind"))
        if ship is not None and service.text("status") != "suspended" and on_the_caspian(data, service):
            yield consequence(service, ship, fall_m)


def consequence(service: Row, ship: Row, fall_m: float) -> Consequence:
    """What a fall does to one service."""
    left = share_left(ship, fall_m)
    draft_m = ship.number("draft_m") - ship.number("lost_t") / ship.number("t_per_m") - fall_m
    key = service.text("service")
    if left < ship.number("least_share") or draft_m < ship.number("light_draft_m"):
        return Consequence(key, ship.id, True, (), said("caspian_too_low", metres=fall_m))
    why = said("caspian_carries", metres=fall_m, percent=100 * left)
    cells = [(column, service.number(column) / left) for column in PRICES]
    cells += [
        ("capacity", service.number("capacity") * left),
        ("fill_teu", max(1.0, service.number("fill_teu") * left)),
    ]
    if np.isnan(service.number("fill_teu")):
        cells.append(("headway_h", service.number("headway_h") / left))
        cells = [(column, value) for column, value in cells if column != "fill_teu"]
    if left == 1:
        cells = []
    cells.append(("max_draft_m", service.number("max_draft_m") - fall_m))
    known = tuple((column, float(f"{value:.6g}")) for column, value in cells if not np.isnan(value))
    return Consequence(key, ship.id, False, known, why)


def share_left(ship: Row, fall_m: float) -> float:
    """r(z): what is left of the load of a sailing, 0 to 1."""
    today_t = ship.number("payload_t") - ship.number("lost_t")
    then_t = today_t - ship.number("t_per_m") * fall_m
    load_t = ship.number("load_t")
    return max(0.0, min(load_t, then_t) / min(load_t, today_t))


def on_the_caspian(data: Dataset, service: Row) -> bool:
    """Whether both ends of a service lie on the Caspian."""
    boxes = [row for row in data["sea_basins"] if row.text("basin") == BASIN]

    def holds(place: Row | None) -> bool:
        return place is not None and any(
            box.number("lat_min") <= place.number("lat") <= box.number("lat_max")
            and box.number("lon_min") <= place.number("lon") <= box.number("lon_max")
            for box in boxes
        )

    return all(holds(data["places"].find(service.text(end))) for end in ("from_place", "to_place"))
