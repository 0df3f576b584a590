"""Briefs: two pages and an annex on two countries, a corridor or a material, as DOCX, PDF, HTML or XLSX.

    made = brief(data, "KZ", "VN", lang="ru")          trade, freight, ways, materials, projects, what to watch
    made = brief(data, "TITR")                         what a corridor carries, its ways beside others, where it stands still
    made = brief(data, "titanium")                     who supplies, how risky, what of it Kazakhstan has
    write_brief(made, "brief.docx")                    the same bytes from the same data

Every figure comes from a verb that answers by itself (recorded, route, listed, exposure, requirements, assess) and has a note that names
rows and sources. Rivals stand side by side and are never averaged; what is not known is told as such. What takes long (sites of plants) is
left out unless it is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from keruen.errors import UnknownMaterial, UnknownOption
from keruen.materials.exposure import place_of
from keruen.materials.names import find_material
from keruen.network.build import open_world
from keruen.reports.brief_annex import annex_of
from keruen.reports.brief_corridor import corridor_blocks, corridor_named
from keruen.reports.brief_draft import Draft
from keruen.reports.brief_material import material_blocks
from keruen.reports.brief_model import Block, Brief, Grid, Tiles, tidied
from keruen.reports.brief_supply import chain_blocks, supply_blocks, supply_of, supply_tile
from keruen.reports.brief_trade import carried_blocks, rivals_grid, tiles, trade_blocks, trade_of
from keruen.reports.brief_watch import (
    claims_on,
    projects_blocks,
    projects_grid,
    projects_of,
    unknown_blocks,
    watch_blocks,
)
from keruen.reports.brief_ways import find_ways, ways_blocks, ways_tile
from keruen.routing.demands import country_named
from keruen.tables.dataset import Dataset
from keruen.tables.words import LABELS, LANGUAGES, said

if TYPE_CHECKING:
    from keruen.trade.store import Store

BRIEF_LANGUAGES = (*LANGUAGES, *LABELS)
ENDINGS = (".docx", ".pdf", ".html", ".xlsx")
MOST_TILES = 6

Tell = Callable[[str, float], None]


def _quiet(stage: str, share: float) -> None:
    """Progress that nobody follows."""


def brief(
    data: Dataset,
    subject: str,
    partner: str = "",
    *,
    lang: str = "en",
    origin: str = "",
    destination: str = "",
    store: Store | None = None,
    siting: bool = False,
    tell: Tell = _quiet,
) -> Brief:
    """A brief on two countries (subject and partner), else on the corridor or the material that `subject` names.

    lang: en, ru, or kk (Kazakh labels around Russian sentences). origin, destination: the places whose ways are told; by default those of
    brief_places, else the largest city of a country, for a corridor those of brief_corridors. store: a trade store for products and modes.
    siting: with prices of battery cells made in both countries (takes seconds). tell: told the stage and the share done; what it raises
    stops the work.

    Raises:
        UnknownOption: a country, corridor or language nobody knows, or a corridor without usual ends and none given.
        UnknownMaterial: neither corridor nor material goes by the name. UnknownPlace, AmbiguousPlace: origin or destination.
    """
    if lang not in BRIEF_LANGUAGES:
        raise UnknownOption(said("err_language", lang=lang, known=", ".join(BRIEF_LANGUAGES)), BRIEF_LANGUAGES)
    draft = Draft(data, lang)
    if partner:
        return _pair(draft, _country(data, subject), _country(data, partner), origin, destination, store, siting, tell)
    found = corridor_named(data, subject)
    if found is not None:
        return _corridor(draft, found, origin, destination, tell)
    if country_named(data, subject):
        raise UnknownOption(said("err_brief_one_country", country=subject))
    if origin or destination:
        raise UnknownOption(said("err_brief_ends", name=subject))
    try:
        material = find_material(data, subject).text("material")
    except UnknownMaterial as problem:
        raise UnknownMaterial(
            said("err_brief_unknown", name=subject, known=", ".join(data["brief_corridors"].keys)), problem.suggestions
        ) from None
    return _material(draft, material, tell)


def _country(data: Dataset, text: str) -> str:
    """The alpha-3 code of a country by code or name."""
    row = data["countries"].find(country_named(data, text) or "-")
    if row is None:
        raise UnknownOption(said("err_no_country", country=text))
    return row.text("iso3")


def _end(draft: Draft, country: str, asked: str) -> str:
    """The place that stands for a country: the one asked for, that of brief_places, else its largest city."""
    if asked:
        return asked
    row = draft.data["brief_places"].find(country)
    return row.text("place") if row is not None else place_of(draft.data, open_world(draft.data), country).code


def _why_end(draft: Draft, country: str, asked: str, place: str) -> str:
    """Why this place stands for a country, for the annex."""
    row = draft.data["brief_places"].find(country)
    why = (
        draft.words["brief_end_asked"]
        if asked
        else draft.own(row, "note")
        if row is not None
        else draft.words["brief_end_largest"]
    )
    return draft.say("brief_end", country=draft.country(country), place=place, why=why)


def _pair(
    draft: Draft, first: str, second: str, origin: str, destination: str, store: Store | None, siting: bool, tell: Tell
) -> Brief:
    if first == second:
        raise UnknownOption(said("err_brief_same", country=first))
    tell("trade", 0.05)
    trade = trade_of(draft, first, second)
    tell("route", 0.15)
    ends = (_end(draft, first, origin), _end(draft, second, destination))
    ways = find_ways(draft.data, *ends, draft.spoken)
    tell("materials", 0.45)
    supply = supply_of(draft, first, second)
    codes = tuple(row.text("country") for row in draft.data["countries"] if row.text("iso3") in (first, second))
    names = [row.text("name") for row in draft.data["countries"] if row.text("iso3") in (first, second)]
    tell("write", 0.6)
    draft.section = "first"
    head = [*tiles(draft, trade), *ways_tile(draft, ways), *supply_tile(draft, supply)]
    projects = projects_of(draft, codes, ways.countries)
    claims = claims_on(draft, [" ".join(names)], ways.corridors)
    body: list[Block] = [
        Tiles(tuple(head[:MOST_TILES])),
        *trade_blocks(draft, trade, store),
        *carried_blocks(draft, trade, ways.corridors),
        *ways_blocks(draft, ways),
        *supply_blocks(draft, supply, first, second),
        *chain_blocks(draft, first, second, siting=siting),
        *projects_blocks(draft, projects),
        *watch_blocks(draft, trade=trade, claims=claims, countries=ways.countries, rows=ways.features),
    ]
    body += unknown_blocks(draft)
    tell("annex", 0.9)
    extra = [("brief_rivals", rivals_grid(draft, trade.found)), ("brief_all_projects", projects_grid(draft, projects))]
    method = [
        _why_end(draft, one, asked, place)
        for one, asked, place in zip((first, second), (origin, destination), ends, strict=True)
    ]
    title = draft.say("brief_title_pair", first=draft.country(first), second=draft.country(second))
    return _made(draft, "pair", f"{first}-{second}", title, body, extra, method)


def _corridor(draft: Draft, corridor: str, origin: str, destination: str, tell: Tell) -> Brief:
    blocks, extra, method, name = corridor_blocks(draft, corridor, origin, destination, tell)
    return _made(draft, "corridor", corridor, name, blocks, extra, method)


def _material(draft: Draft, material: str, tell: Tell) -> Brief:
    blocks, extra, name = material_blocks(draft, material, tell)
    return _made(draft, "material", material, name, blocks, extra, [])


def _made(
    draft: Draft,
    about: str,
    key: str,
    title: str,
    body: Sequence[Block],
    extra: Sequence[tuple[str, Grid | None]],
    method: Sequence[str],
) -> Brief:
    """The brief, with its annex, its day, and the sentences that go with all briefs."""
    told = [
        *method,
        draft.words["brief_method_rivals"],
        draft.words["brief_method_assumed"],
        draft.words["brief_method_bytes"],
    ]
    annex = annex_of(draft, extra, told)
    day = draft.day
    subtitle = draft.say("brief_subtitle", day=day or draft.words["figures_undated"])
    if draft.lang in LABELS:
        subtitle += " " + draft.words["brief_labels_only"]
    return Brief(
        about,
        key,
        draft.lang,
        title,
        subtitle,
        draft.words["brief_footer"],
        day,
        tidied(body),
        tidied(annex),
        draft.figures,
        draft.notes,
        draft.sources,
        tuple(draft.unknown),
        draft.words["brief_annex"],
    )


def write_brief(made: Brief, path: str | os.PathLike[str]) -> Path:
    """Write a brief into a file told by its ending: .docx, .pdf, .html or .xlsx. The file appears whole, the same bytes every time.

    Raises:
        UnknownOption: another ending, or a folder.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        from keruen.tables.words import either

        given = target.suffix or target.name
        raise UnknownOption(said("err_formats", what=said("what_brief"), formats=either(ENDINGS), given=given), ENDINGS)
    if ending == ".docx":
        from keruen.reports.brief_docx import write_docx as write
    elif ending == ".pdf":
        from keruen.reports.brief_pdf import write_pdf as write
    elif ending == ".html":
        from keruen.reports.brief_html import write_html as write
    else:
        from keruen.reports.brief_xlsx import write_xlsx as write
    return write(made, target)
