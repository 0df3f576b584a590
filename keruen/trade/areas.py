"""The areas that a question names: one country, or the members of a group at a date.

A country is named by its ISO code of two or three letters or by its name in English or Russian, a group by its code in the store (EU, EAEU)
or its name. Members of groups are dated: the European Union of 2019 holds the United Kingdom, that of 2023 does not.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from keruen.errors import UnknownOption
from keruen.tables.dataset import Dataset
from keruen.tables.words import said
from keruen.trade.store import Store


@dataclass(frozen=True)
class Area:
    """An area with its members at a date: itself if it is one country."""

    area: str
    name: str
    name_ru: str
    members: tuple[str, ...]

    @property
    def is_group(self) -> bool:
        """Whether it has members other than itself."""
        return self.members != (self.area,)


def area_named(store: Store, data: Dataset, text: str, day: date) -> Area:
    """The area that goes by a code or a name, with its members at a day.

    Raises:
        UnknownOption: nothing goes by this name; areas with names near it are suggested.
    """
    wanted = text.strip()
    iso3 = {row.text("country"): row.text("iso3") for row in data["countries"]}
    wanted = iso3.get(wanted.upper(), wanted)
    found = store.sql(
        "SELECT area, name, name_ru FROM areas WHERE upper(area) = upper($1) OR lower(name) = lower($1) OR lower(name_ru) = lower($1)"
        " ORDER BY upper(area) = upper($1) DESC",
        [wanted],
    )
    if not found:
        names = {name.lower(): area for area, name, _ in store.sql("SELECT area, name, name_ru FROM areas")}
        near = [names[one] for one in difflib.get_close_matches(wanted.lower(), names, n=5)]
        if near:
            raise UnknownOption(said("stat_no_area_near", text=repr(text), near=", ".join(near)), near)
        raise UnknownOption(said("stat_no_area", text=repr(text)))
    area, name, name_ru = found[0]
    members = store.sql(
        "SELECT member FROM members WHERE area = ? AND (valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?) "
        "ORDER BY member",
        [area, day, day],
    )
    return Area(area, name, name_ru or name, tuple(one for (one,) in members) or (area,))


def area_names(store: Store, lang: str) -> Mapping[str, str]:
    """Names of all areas by their code."""
    column = "name_ru" if lang == "ru" else "name"
    return dict(store.sql(f"SELECT area, coalesce({column}, name) FROM areas"))
