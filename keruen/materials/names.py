"""Materials by name: the row of `materials` that goes by a code, a name, a chemical sign or an HS code, in English or Russian.

find_material(data, "титан")     materials:titanium
find_material(data, "810820")    the same, by a good that it is traded as
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from keruen.errors import Text, UnknownMaterial
from keruen.tables.dataset import Dataset
from keruen.tables.table import Row
from keruen.tables.words import said


def find_material(data: Dataset, text: str) -> Row:
    """The material that goes by a text, whatever its case.

    Raises:
        UnknownMaterial: none does, or an HS code that several share; the error names those that come near.
    """
    wanted = text.strip().casefold()
    table = data["materials"]
    found = names_of(data).get(wanted) or names_of(data).get(wanted.replace(" ", "_"))
    if found is not None:
        return table.row(table.find_index(found))
    sharing = sorted({row.text("material") for row in data["material_goods"] if row.text("hs") == wanted})
    if len(sharing) == 1:
        return table.row(table.find_index(sharing[0]))
    near = sharing or sorted({names_of(data)[one] for one in difflib.get_close_matches(wanted, names_of(data), 5, 0.7)})
    named = [Text(row.text("name"), row.text("name_ru")) for row in map(table.find, near) if row is not None]
    if sharing:
        raise UnknownMaterial(said("err_materials_share_code", code=text, names=", ".join(sharing)), named)
    raise UnknownMaterial(said("err_unknown_material", text=text), named)


def names_of(data: Dataset) -> Mapping[str, str]:
    """The code of the material that each name stands for, names in small letters; a code goes before another's name."""
    found: dict[str, str] = {}
    for row in data["materials"]:
        code = row.text("material")
        for name in (row.text("name"), row.text("name_ru"), *row.texts("also"), code):
            found.setdefault(name.casefold(), code)
    found.update((code, code) for code in data["materials"].keys)
    return found


def parts_of(data: Dataset, material: str) -> tuple[str, ...]:
    """Materials that are a part or a form of one, by code."""
    return tuple(row.text("material") for row in data["materials"] if row.text("part_of") == material)
