"""Whose figure: the code of a country, a group or a corridor from what a user types.

ISO 3166 alpha-3 or alpha-2 codes, English and Russian names of countries, and the names that the ledger itself uses (EU, TITR, a port).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from keruen.errors import UnknownOption
from keruen.tables.dataset import Dataset
from keruen.tables.words import said


def area_code(data: Dataset, text: str, others: Iterable[str] = ()) -> str:
    """The code that a text names; `others` are names the ledger uses. Raises UnknownOption, with names that come near."""
    asked = text.strip().casefold()
    countries = data["countries"]
    names = {name.casefold(): name for name in others if name}
    for column in ("name_ru", "name", "country", "iso3"):
        names |= {
            name.casefold(): code
            for name, code in zip(countries.texts(column), countries.texts("iso3"), strict=True)
            if name
        }
    names.setdefault("wld", "WLD")
    if asked in names:
        return names[asked]
    near = tuple(names[one] for one in difflib.get_close_matches(asked, names, n=4))
    key = "err_unknown_area_near" if near else "err_unknown_area"
    raise UnknownOption(said(key, name=text, near=", ".join(near)), near)
