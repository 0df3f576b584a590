"""What answers hold, described for the OpenAPI document: keys, units, and what a null means. Tests hold real answers against these models.
null is not known, never written as zero; h, USD, kg CO2e (well to wheel), km are for the whole shipment, door to door."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


def means(text: str, **more: Any) -> Any:
    """What a key means, with its unit."""
    return Field(description=text, **more)


class Answer(BaseModel):
    """What answers share: these keys and no others."""

    model_config = ConfigDict(extra="forbid")


Hours = Annotated[float, means("h")]
Km = Annotated[float, means("km")]
Usd = Annotated[float, means("USD")]
Kg = Annotated[float | None, means("kg of CO2e well to wheel; null: not known")]
KnownHours = Annotated[float | None, means("h; null: not worked out")]
Rows = Annotated[list[str], means("Rows of the tables as `table:key`; /sources opens them.")]


class Place(Answer):
    """A place. `country` is ISO 3166-1 alpha-2, empty at sea or where it is not known; degrees, north and east positive."""

    place: Annotated[
        str,
        means(
            "UN/LOCODE, `geo:` and GeoNames number, `iata:` and IATA code, 'lat,lon', or an id of our own.",
            examples=["KZAAU"],
        ),
    ]
    name: Annotated[str, means("English name.", examples=["Aktau"])]
    name_ru: Annotated[str, means("Russian name; empty where it is not known.", examples=["Актау"])]
    country: Annotated[str, means("ISO country.", examples=["KZ"])]
    lat: Annotated[float, means("degrees")]
    lon: Annotated[float, means("degrees")]


class PlaceFacts(Place):
    """A place, what it is, and how many people live there."""

    kinds: list[str]
    population: Annotated[int | None, means("people; null: not known")]


class Places(Answer):
    """Places, best or nearest first."""

    places: list[PlaceFacts]


class Component(Answer):
    """What one row of a table adds to a leg."""

    kind: Annotated[str, means("running, waiting, handling, border, tariff, toll, fee or emission")]
    source: Annotated[str, means("The row as `table:key`.")]
    basis: Annotated[str, means("observed, reported, derived, published or assumed")]
    time_h: Hours
    cost_usd: Usd
    co2e_kg: Kg


class Leg(Answer):
    """One stretch by one mode, or one stop."""

    mode: Annotated[str, means("rail, road, sea, ferry, air, inland_waterway; or terminal, border, gauge_change")]
    from_: Annotated[str, means("Id in `places`.", alias="from")]
    to: Annotated[str, means("Id in `places`.")]
    name: str
    name_ru: str
    country: str
    distance_km: Km
    running_h: Hours
    waiting_h: Hours
    handling_h: Hours
    border_h: Hours
    cost_usd: Usd
    time_h: Hours
    co2e_kg: Kg
    assumed: Annotated[list[str], means("Which of time_h, cost_usd, co2e_kg rest in part on an assumption.")]
    sources: Rows
    components: list[Component]
    geometry: Annotated[
        list[tuple[float, float]] | None, means("[lon, lat] in degrees; only with `geometry`. One point for a stop.")
    ] = None


class BeatenBy(Answer):
    """A way at least as good in time, cost and CO2e, and better in one."""

    corridor: str
    corridor_name: str
    corridor_name_ru: str
    time_h: Hours
    cost_usd: Usd
    co2e_kg: Kg


class SpreadLeg(Answer):
    """A leg that makes the time of its route uncertain."""

    leg: Annotated[int, means("Its place in `legs`, from 0.")]
    mode: str
    to: str
    name: str
    name_ru: str
    share: Annotated[float, means("Of the variance, 0 to 1.")]
    sources: Rows


class Route(Answer):
    """A way from origin to destination."""

    corridor: Annotated[str, means("Key of the corridors table.", examples=["suez"])]
    corridor_name: str
    corridor_name_ru: str
    beaten_by: Annotated[str | None, means("null: unbeaten; else the corridor of a way that beats it.")]
    beaten_by_way: BeatenBy | None
    modes: list[str]
    distance_km: Km
    running_h: Hours
    waiting_h: Hours
    handling_h: Hours
    border_h: Hours
    cost_usd: Usd
    time_h: Hours
    co2e_kg: Kg
    generalized_cost_usd: Annotated[float, means("USD: cost + value of time x time + carbon price x CO2e")]
    assumed: list[str]
    p10_h: KnownHours
    p50_h: KnownHours
    p80_h: KnownHours
    p90_h: KnownHours
    p95_h: KnownHours
    buffer_h: Annotated[float | None, means("h: p95 less p50")]
    buffer_usd: Annotated[float | None, means("USD: what these hours are worth to the shipment")]
    spread_assumed_share: Annotated[float | None, means("Share of the variance that rests on assumed spreads, 0 to 1.")]
    on_time: Annotated[float | None, means("Probability to arrive within the days asked for; null: not asked.")]
    spread_legs: list[SpreadLeg]
    legs: list[Leg]
    sources: Rows
    signature: Annotated[dict[str, float], means("Shares of the generalized cost by item; they sum to 1.")]


class Condition(Answer):
    """What is other than usual."""

    effect: Annotated[str, means("closed, factor, set or price")]
    item: str
    column: str
    usual: float | None
    value: float | None
    name: str
    name_ru: str
    sources: Rows


class RouteAnswer(Answer):
    """The ways worth knowing, best generalized cost first, then corridors that another way beats (docs/route-json.md)."""

    origin: Place
    destination: Place
    shipment: Annotated[dict[str, Any], means("The shipment as worked out: units, TEU, t, USD.")]
    coverage: Annotated[dict[str, Any], means("How completely the search covers the unbeaten ways.")]
    routes: list[Route]
    places: Annotated[dict[str, Place], means("The places that legs name.")]
    warnings: list[str]
    warnings_ru: Annotated[list[str], means("The same in Russian.")]
    depart: Annotated[str | None, means("Day of departure; null: usual conditions.")]
    within_days: Annotated[float | None, means("days")]
    conditions: list[Condition]


class Matrix(Answer):
    """Least values between places."""

    by: str
    unit: Annotated[str, means("h, USD or kg")]
    origins: list[Place]
    destinations: list[Place]
    values: Annotated[list[list[float | None]], means("A row for each origin; null: there is no way.")]


class Choice(Answer):
    """One thing to choose; `feature` is what `avoid` and `require` take."""

    model_config = ConfigDict(extra="allow")

    key: str
    name: str
    name_ru: str


class Options(Answer):
    """What one may choose from, by kind."""

    commodities: list[Choice]
    units: list[Choice]
    vessels: list[Choice]
    sanctions: list[Choice]
    corridors: list[Choice]
    passages: list[Choice]
    countries: list[Choice]
    borders: list[Choice]
    services: list[Choice]
    modes: list[Choice]


class Column(Answer):
    """A column as the data dictionary has it."""

    column: str
    type: str
    unit: str
    required: bool
    key: Annotated[bool, means("Part of what names a row: table:key, keys joined by a slash")]
    meaning: str


class TableTitle(Answer):
    """A table."""

    name: str
    meaning: str
    rows: Annotated[int | None, means("null: the table cannot be read, see /validate")]
    columns: int


class TableRows(Answer):
    """Some rows of a table; null in a cell: not known."""

    name: str
    columns: list[Column]
    rows: list[dict[str, Any]]
    total: Annotated[int, means("Rows there are, beyond those given.")]


class FoundRow(Answer):
    """A row that contains the words."""

    row: Annotated[str, means("`table:key`", examples=["tariffs:rail/KZ/feu"])]
    table: str
    text: Annotated[str, means("Its filled cells in a line.")]


class Found(Answer):
    """Rows that contain the words."""

    rows: list[FoundRow]
    total: int


class TracedRow(Answer):
    """A row met on the way down from a figure."""

    id: str
    table: str
    depth: Annotated[int, means("0: what was asked for.")]
    behind: Annotated[str, means("The row that led here.")]
    cells: dict[str, Any]
    sources: list[str]


class Trace(Answer):
    """What stands behind a figure."""

    asked: str
    rows: list[TracedRow]
    sources: Annotated[list[dict[str, Any]], means("Rows of the sources table: title, url, date, tier.")]


class Problem(Answer):
    """One thing wrong in one place of one table."""

    table: str
    row: Annotated[int, means("Line of the file; 0: the whole table.")]
    column: str
    message: str
    what_to_do: str


class Validation(Answer):
    """Everything wrong with the tables."""

    problems: list[Problem]
    empty_tables: list[str]


class Accuracy(BaseModel):
    """Predicted beside observed (docs/accuracy.md): scores for journeys and prices, groups, and the single rows."""

    model_config = ConfigDict(extra="allow")

    half: str
    headline: dict[str, Any]


class EmissionAccount(Answer):
    """The emissions of a route by ISO 14083, element by element (docs/emissions.md)."""

    tonnes: Annotated[float, means("t of cargo")]
    activity_tkm: Annotated[float | None, means("t-km")]
    co2e_wtw_kg: Kg
    co2e_ttw_kg: Kg
    planned_co2e_kg: Kg
    primary_share_of_activity: float | None
    primary_share_of_emissions: float | None
    elements: list[dict[str, Any]]
    unknown: list[str]
    remarks: list[str]


class Footprints(Answer):
    """An iLEAP document: PACT footprints."""

    data: list[dict[str, Any]]


class EmissionProblem(Answer):
    """Where something is wrong, as a JSON pointer, and what."""

    pointer: str
    severity: Annotated[str, means("error or warning")]
    message: str


class EmissionCheck(Answer):
    """Whether a file of transport emissions adds up."""

    passed: bool
    footprints: int
    elements: int
    categories: int
    problems: list[EmissionProblem]
    left_off: Annotated[int, means("Problems beyond those told.")]


class Network(BaseModel):
    """What the network holds, and what its build reported."""

    model_config = ConfigDict(extra="allow")

    nodes: int
    arcs: int


class Health(Answer):
    """Whether the server is ready."""

    version: str
    ready: Annotated[bool, means("Whether the network is open, so that questions are answered at once.")]


class ScenarioTitle(Answer):
    """A scenario there is."""

    name: str
    title: str
    title_ru: str
    saved: Annotated[bool, means("Saved in the workspace; else it ships with Keruen.")]
    changes: Annotated[int, means("Entries it has.")]


class Change(Answer):
    """One change of a scenario in words."""

    text: str
    text_ru: str


class ScenarioProblem(Answer):
    """One thing wrong in one entry of a scenario."""

    entry: str
    line: int
    key: str
    message: str
    message_ru: str
    what_to_do: str
    what_to_do_ru: str


class ScenarioDocument(Answer):
    """A scenario as a document: what TOML has, `kind` of each entry, and told beside it `label`, `label_ru` and `sketch`."""

    name: str
    title: str
    title_ru: str
    entries: Annotated[
        list[dict[str, Any]],
        means(
            "Entries in the order of the text. `sketch`: {kind: line or point, points: [[lon, lat]]} of what is added, or null."
        ),
    ]


class ScenarioCheck(Answer):
    """What a scenario does, or what is wrong with it."""

    name: str
    toml: Annotated[str, means("The text; empty where a document could not be written.")]
    scenario: Annotated[ScenarioDocument | None, means("Null: the form is wrong.")]
    changes: Annotated[list[Change], means("Each entry that is not off.")]
    follows: Annotated[
        list[dict[str, Any]],
        means("Everything that applying it changes, row by row, also by the level of the Caspian."),
    ]
    problems: list[ScenarioProblem]


class LineOffer(Answer):
    """A drawn railway with its ends on the tracks they meet."""

    gauge_mm: Annotated[int | None, means("Track gauge, mm; null: no railway is near.")]
    points: Annotated[list[tuple[float, float]], means("Longitude, latitude, degrees.")]
    joined: Annotated[tuple[bool, bool], means("Whether each end meets a railway of the gauge.")]


class ServiceOffer(Answer):
    """What a new service might be like."""

    row: Annotated[dict[str, Any], means("Cells of a row of `services`; not those that no like row knows.")]
    evidence: Rows


class Told(BaseModel):
    """What went wrong: `kind` for a program, `message` for a person, and what else may help."""

    model_config = ConfigDict(extra="allow")

    kind: Annotated[str, means("The kind of error, as `unknown_place`.")]
    message: Annotated[str, means("What happened and what to do.")]
    message_ru: Annotated[str, means("The same in Russian; in English where there is no Russian.")]


class Fault(Answer):
    """An error, as the command line prints it with --json."""

    error: Told


class ComparedScenario(Answer):
    """The scenario of a comparison, and each change it makes."""

    name: str
    title: str
    title_ru: str
    changes: list[dict[str, Any]]


class Difference(Answer):
    """A corridor on both sides: time_h, p50_h, p90_h (h), cost_usd (USD), co2e_kg (kg); null: no such route, or not known."""

    corridor: str
    corridor_name: str
    corridor_name_ru: str
    base: dict[str, float | None] | None
    with_: Annotated[dict[str, float | None] | None, means("With the scenario.", alias="with")]
    change: Annotated[dict[str, float | None] | None, means("Scenario less base.")]


class Compared(Answer):
    """The ways without and with a scenario; `{"error": ...}` in the place of an answer where there is no route."""

    scenario: ComparedScenario
    base: RouteAnswer | Fault
    with_: Annotated[RouteAnswer | Fault, means("With the scenario.", alias="with")]
    differences: list[Difference]
