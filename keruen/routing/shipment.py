"""What is sent: a shipment as the user states it, and the consignment it amounts to.

    generalized cost = cost + value of time x tonnes x days + carbon price x CO2e        [USD]   (METHODS 4.5)

Defaults per commodity (load unit, tonnes per TEU, value, value of time) are rows of the commodities and load_units tables.
What decides which vehicles and terminals take it is the class it travels as in its unit: cars in a 40-foot box travel as a
container, boxed goods on a trailer roll aboard (load_units.travels_as).
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, fields
from typing import Any

from keruen.errors import BadShipment, Text, UnknownCommodity, UnknownOption
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row
from keruen.tables.words import joined, said

MOST_TONNES = 20_000_000.0  # more than any single consignment or year's contract on one route: a slip of units
MOST_USD_PER_T = 1_000_000_000.0  # more than a tonne of anything is worth: a slip of units
BULK_TONNES = 1000.0  # a bulk consignment when nothing is said, about a third of a train


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """A shipment as stated; what is left out comes from the commodity's row.

    Attributes:
        commodity: key of the commodities table.
        unit: key of the load_units table, e.g. 20ft, 40ft, trailer, tonne.
        tonnes: cargo weight; default one unit as the commodity usually fills it (1,000 t of bulk).
        value_usd: value of the whole shipment.
        value_of_time_usd_per_t_day: what a day of delay costs per tonne of cargo.
        carbon_price_usd_per_t: price put on a tonne of CO2e in the generalized cost.
        vessel: key of the vessels table: the ship whose draught and beam must fit canals.
        draft_m, beam_m: the same as numbers; they override the vessel's.
    """

    commodity: str = "general"
    unit: str = ""
    tonnes: float | None = None
    value_usd: float | None = None
    value_of_time_usd_per_t_day: float | None = None
    carbon_price_usd_per_t: float = 0.0
    vessel: str = ""
    draft_m: float | None = None
    beam_m: float | None = None


@dataclass(frozen=True)
class Consignment:
    """A shipment worked out.

    Attributes:
        commodity, commodity_name, commodity_name_ru: key and names of the goods.
        load: load class it travels as in its unit, which may be another than the goods' own: cars in a box are a container.
        unit, tariff_unit: load unit, and what tariffs and handling charge for it.
        units, teu, tonnes: number of load units, TEU (NaN: not in containers) and tonnes of goods in all.
        value_usd, value_of_time_usd_per_t_day, carbon_price_usd_per_t: as in `Shipment`, with the defaults filled in.
        draft_m, beam_m: draught and beam that canals must allow; NaN: any ship will do.
        sources: rows these are from.
    """

    commodity: str
    commodity_name: str
    commodity_name_ru: str
    load: str
    unit: str
    tariff_unit: str
    units: int
    teu: float
    tonnes: float
    value_usd: float
    value_of_time_usd_per_t_day: float
    carbon_price_usd_per_t: float
    draft_m: float
    beam_m: float
    sources: tuple[str, ...]

    @property
    def value_of_time_usd_per_h(self) -> float:
        """What an hour of delay of the whole consignment costs."""
        return self.value_of_time_usd_per_t_day * self.tonnes / 24

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON; None where a draught is not limited."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            name: None
            if isinstance(value, float) and math.isnan(value)
            else list(value)
            if isinstance(value, tuple)
            else value
            for name, value in values.items()
        }


def consignment(data: Dataset, shipment: Shipment) -> Consignment:
    """Work out a shipment from the commodities, load_units and vessels tables.

    Raises:
        UnknownCommodity, UnknownOption: a name no row goes by.
        BadShipment: a weight, value or price that cannot be, or a unit that cannot carry the commodity.
    """
    goods = find_commodity(data, shipment.commodity)
    unit = find_row(data, "load_units", shipment.unit or goods.text("unit"), "what_load_unit")
    load = goods.text("load")
    if load not in unit.texts("loads"):
        able = [row.text("unit") for row in data["load_units"] if load in row.texts("loads")]
        named = {"goods": Text(goods.text("name"), goods.text("name_ru")), "load": said(f"load_{load}")}
        raise BadShipment(said("err_unit_cannot", unit=unit.text("unit"), able=", ".join(able), **named))
    per_unit_t = usual_tonnes(goods, unit)
    tonnes = positive("tonnes", shipment.tonnes, per_unit_t if unit.text("unit") != "tonne" else BULK_TONNES)
    if tonnes > MOST_TONNES:
        raise BadShipment(said("err_most_tonnes", tonnes=tonnes, most=MOST_TONNES))
    value = positive("value_usd", shipment.value_usd, tonnes * goods.number("usd_per_t"))
    vot = not_negative(
        "value_of_time_usd_per_t_day", shipment.value_of_time_usd_per_t_day, goods.number("vot_usd_per_t_day")
    )
    carbon = not_negative("carbon_price_usd_per_t", shipment.carbon_price_usd_per_t, 0.0)
    for name, usd_per_t in (("value", value / tonnes), ("value_of_time", vot), ("carbon_price", carbon)):
        if usd_per_t > MOST_USD_PER_T:
            raise BadShipment(said("err_most_usd", what=said(f"what_{name}"), usd=usd_per_t))
    units = max(1, math.ceil(tonnes / per_unit_t - 1e-9)) if unit.text("unit") != "tonne" else math.ceil(tonnes)
    load = class_travelled_as(load, unit)
    draft_m, beam_m, ship = ship_limits(data, shipment, load)
    return Consignment(
        commodity=goods.text("commodity"), commodity_name=goods.text("name"),
        commodity_name_ru=goods.text("name_ru") or goods.text("name"), load=load, unit=unit.text("unit"),
        tariff_unit=unit.text("tariff_unit"), units=units, teu=units * unit.number("teu"),
        tonnes=tonnes, value_usd=value, value_of_time_usd_per_t_day=vot, carbon_price_usd_per_t=carbon,
        draft_m=draft_m, beam_m=beam_m, sources=(goods.id, unit.id, *ship),
    )  # fmt: skip


def class_travelled_as(load: str, unit: Row) -> str:
    """The load class that goods of a class travel as in a load unit; their own where the unit's row names no other."""
    return dict(item.split(":", 1) for item in unit.texts("travels_as")).get(load, load)


def usual_tonnes(goods: Row, unit: Row) -> float:
    """Tonnes of the goods in one load unit: what fills its TEU, at most its payload."""
    filled = goods.number("t_per_teu") * unit.number("teu")
    return min(unit.number("max_payload_t"), filled if not math.isnan(filled) else math.inf)


def ship_limits(data: Dataset, shipment: Shipment, load: str) -> tuple[float, float, tuple[str, ...]]:
    """Draught and beam that canals must allow, in metres, NaN for any, and the rows they are from.

    Unless stated, boxes sail on the ship that the vessels table gives for their load; bulk takes whatever ship fits.
    """
    vessels = data["vessels"]
    if shipment.vessel:
        ship: Row | None = find_row(data, "vessels", shipment.vessel, "what_vessel")
    else:
        ship = next((row for row in vessels if load in row.texts("default_for")), None)
    draft_m = not_negative("draft_m", shipment.draft_m, ship.number("draft_m") if ship else math.nan)
    beam_m = not_negative("beam_m", shipment.beam_m, ship.number("beam_m") if ship and shipment.vessel else math.nan)
    return draft_m, beam_m, (ship.id,) if ship else ()


def find_commodity(data: Dataset, text: str) -> Row:
    """The commodity with a key or a name in English or Russian, whatever its case."""
    wanted = text.strip().casefold().replace(" ", "_")
    for row in data["commodities"]:
        names = (row.text("commodity"), row.text("name"), row.text("name_ru"))
        if wanted and wanted in (name.casefold().replace(" ", "_") for name in names):
            return row
    known = [row.text("commodity") for row in data["commodities"]]
    near = difflib.get_close_matches(wanted, known, n=4, cutoff=0.5)
    hint = said("did_you_mean", near=", ".join(near)) if near else ""
    unknown = joined(" ", [said("err_unknown_commodity", text=text), hint, said("commodities_listed")])
    raise UnknownCommodity(unknown, near)


def find_row(data: Dataset, table: str, key: str, what: str) -> Row:
    """The row of a table with a key or an English or Russian name, whatever its case, or an error that lists the keys.

    what: key in words.csv of what such a row is.
    """
    wanted, known = key.strip().casefold(), data[table].keys
    for row in data[table]:
        names = [row.text(column) for column in ("name", "name_ru") if column in row.table.schema]
        if wanted and wanted in map(str.casefold, [row.id.partition(":")[2], *names]):
            return row
    raise UnknownOption(said("err_unknown_value", what=said(what), value=key, known=", ".join(known)), known)


def positive(name: str, value: float | None, default: float) -> float:
    """A number above zero, or the default if none is given."""
    if value is None:
        return default
    if not math.isfinite(value) or value <= 0:
        raise BadShipment(said("err_not_positive", name=name, value=value))
    return float(value)


def not_negative(name: str, value: float | None, default: float) -> float:
    """A number not below zero, or the default if none is given."""
    if value is None:
        return default
    if not math.isfinite(value) or value < 0:
        raise BadShipment(said("err_negative", name=name, value=value))
    return float(value)
