"""How many materials of a list a country makes: one count by each definition, row by row.

    listed(data, "KZ", "eu2020")      16 of 30 ... by evidence not older than 2015; 18 by any; 19 with what is to start again

For Kazakhstan each material of the lists was judged (table materials): made plainly, by weak evidence, once, or not. What "made" means
decides the count, so that each definition is a row of its own with its count at two days: when a minister said 16 (mid-2023), and today.
For other countries the evidence is a share in world supply or tonnes on record, and there is one definition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from keruen.errors import UnknownOption
from keruen.materials.mix import rows_by_mix
from keruen.routing.demands import country_named
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row
from keruen.tables.words import said

KAZAKHSTAN = "KAZ"
COUNTED_AS = "critical raw materials"  # commodity of the statements in table figures
STATED, NOW = "2023-07", "9999"
"""The month of the statement "16 of 30" (figures:M0001), and a day after all that has begun."""

Made = Callable[[Row, str], bool]


def _began(row: Row, day: str) -> bool:
    return row.text("kazakhstan") == "yes" and row.text("kazakhstan_since") <= day


def _without(*doubts: str) -> Made:
    return lambda row, day: _began(row, day) and row.text("doubt") not in doubts


DEFINITIONS: Mapping[str, Made] = {
    "plain": lambda row, day: _began(row, day) and row.text("certainty") == "plain",
    "two_sources": _without("one_table"),
    "recent": _without("old_figure"),
    "any": _began,
    "any_or_planned": lambda row, day: _began(row, day) or bool(row.text("kazakhstan_planned")),
}
"""What may be meant by "made in Kazakhstan": plainly; not by the study of the European Commission alone; not by figures of 2015 alone; by
any evidence; or to be made, where a day is announced. A function of a row of materials and a day."""


@dataclass(frozen=True)
class Counted:
    """A definition and how many of the list it makes, at the time of the statement and now; `meant` are the materials now, by code."""

    name: str
    then: int
    now: int
    meant: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """The materials of a list and a country: rows in the order of the names, what each is by each definition.

    country: ISO 3166-1 alpha-3. entries: of the list by its own count. evidence: for each material the shares of the country in world
    supply by stage, 0 to 1, and tonnes by year, as rows. statements: counts that others stated (table figures).
    """

    country: str
    list: Row | None
    entries: int
    rows: tuple[Row, ...]
    counts: tuple[Counted, ...]
    evidence: Mapping[str, tuple[Row, ...]]
    unjudged: tuple[str, ...]
    statements: tuple[Row, ...]

    def made(self, material: str) -> tuple[str, ...]:
        """The definitions by which a material (code) counts now."""
        return tuple(one.name for one in self.counts if material in one.meant)


def listed(data: Dataset, country: str = "", list_: str = "") -> Listed:
    """The materials of a list (all by default) and what a country makes of them, if one is named.

    Raises:
        UnknownOption: no country or no list goes by the name.
    """
    found = _list(data, list_) if list_ else None
    code = _country(data, country) if country else ""
    name = found.text("list") if found is not None else ""
    rows = tuple(row for row in data["materials"] if not name or name in row.texts("lists"))
    evidence = _evidence(data, code) if code else {}
    unjudged: tuple[str, ...] = ()
    if code == KAZAKHSTAN:
        unjudged = tuple(row.text("material") for row in rows if not row.text("kazakhstan"))
        counts = tuple(
            Counted(
                one,
                sum(meant(row, STATED) for row in rows),
                sum(meant(row, NOW) for row in rows),
                tuple(row.text("material") for row in rows if meant(row, NOW)),
            )
            for one, meant in DEFINITIONS.items()
        )
    elif code:
        meant = tuple(row.text("material") for row in rows if row.text("material") in evidence)
        counts = (Counted("on_record", len(meant), len(meant), meant),)
    else:
        counts = ()
    return Listed(
        code,
        found,
        int(found.number("entries")) if found is not None else len(rows),
        rows,
        counts,
        evidence,
        unjudged,
        _statements(data, code),
    )


def _list(data: Dataset, text: str) -> Row:
    table = data["material_lists"]
    wanted = text.strip().casefold().replace(" ", "").replace("-", "").replace("_", "")
    for row in table:
        if row.text("list").casefold() == wanted:
            return row
    raise UnknownOption(said("err_no_list", text=text, known=", ".join(table.keys)), table.keys)


def _country(data: Dataset, text: str) -> str:
    code = country_named(data, text)
    if not code:
        raise UnknownOption(said("err_no_country", country=text))
    row = data["countries"].find(code)
    return row.text("iso3") if row is not None else ""


def _statements(data: Dataset, country: str) -> tuple[Row, ...]:
    """Recorded counts of critical materials that a country makes."""
    return tuple(
        row
        for row in data["figures"]
        if country
        and row.text("subject") == country
        and row.text("commodity") == COUNTED_AS
        and row.number("out_of") > 0
    )


def _evidence(data: Dataset, country: str) -> Mapping[str, tuple[Row, ...]]:
    """Rows that show a country makes a material, by material; a part counts for its whole too."""
    shares, production = data["supply_shares"], data["material_production"]
    part_of = {row.text("material"): row.text("part_of") for row in data["materials"]}
    found: dict[str, list[Row]] = defaultdict(list)
    countries = shares.texts("country")
    rows = [
        shares.row(i) for (scope, _, _), numbers in rows_by_mix(data).items() if scope == "global" for i in numbers
        if countries[i] == country
    ]  # fmt: skip
    rows += [row for row in production if row.text("country") == country]
    for row in rows:
        material = row.text("material")
        while material:
            found[material].append(row)
            material = part_of.get(material, "")
    return {material: tuple(shown) for material, shown in found.items()}
