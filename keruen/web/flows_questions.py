"""Questions on flows as they come in an address, and what their answers hold, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from keruen.web.answers import Answer, means
from keruen.web.questions import Names, Question, ScenarioText, asks

Side = Literal["base", "with", "change"]
FlowsMeasure = Literal["t", "teu"]
MOST_YEARS = 6


class FlowsAsked(Question):
    """Which demand flows over the network, and how."""

    year: Annotated[int, asks("Year of the demand.", 2024, ge=2000, le=2100)] = 2024
    flow: Annotated[
        Names,
        asks("Only these flows of the table base_flows. May be repeated. Default: all of them.", ["kazakhstan_grain_china"]),
    ] = []  # fmt: skip
    cover: Annotated[
        float,
        asks("Only the largest pairs of zones with this share of the tonnes of each class: less is faster.", 0.9, ge=0.5, le=1.0),
    ] = 1.0  # fmt: skip
    capacities: Annotated[bool, asks("Whether ports, borders, ferries and lines can be full.")] = True
    scenario: Annotated[
        ScenarioText,
        asks("A scenario to stand beside the base: its text in TOML, or its name. Empty: the base alone.", "aktau_ferry"),
    ] = ""  # fmt: skip

    def base(self) -> FlowsAsked:
        """The same question without a scenario."""
        return FlowsAsked.model_construct(**{**self.plain(), "scenario": ""})

    def plain(self) -> dict[str, Any]:
        """The question about flows alone, without what else was asked of the answer."""
        return {name: getattr(self, name) for name in FlowsAsked.model_fields}

    def of(self) -> FlowsAsked:
        """The same as a question of flows alone."""
        return FlowsAsked.model_construct(**self.plain())


class BandsAsked(FlowsAsked):
    """A question on flows whose answer is drawn on a map."""

    side: Annotated[Side, asks("Flows of the base, those with the scenario, or the one less the other.")] = "base"
    measure: Annotated[FlowsMeasure, asks("Tonnes, or TEU of what goes in containers.")] = "t"
    zoom: Annotated[
        int, asks("Zoom of the map, which at 0 shows the world on 512 pixels: how fine the lines are.", 3, ge=0, le=8)
    ] = 3


class FlowYearsAsked(Question):
    """Which demand, in which years."""

    flow: Annotated[
        Names, asks("Only these flows of the table base_flows. May be repeated. Default: all of them.")
    ] = []
    cover: Annotated[
        float,
        asks("Only the largest pairs of zones with this share of the tonnes of the first year.", 0.9, ge=0.5, le=1.0),
    ] = 1.0
    capacities: Annotated[bool, asks("Whether ports, borders, ferries and lines can be full.")] = True
    scenario: Annotated[
        ScenarioText, asks("A scenario: its text in TOML, or its name. Empty: the tables as they are.")
    ] = ""
    year: Annotated[
        list[Annotated[int, Field(ge=2000, le=2100)]],
        asks("Years, to be repeated.", [2022, 2024, 2030], min_length=1, max_length=MOST_YEARS),
    ]


class FlowsAnswer(Answer):
    """What flows in a year (docs/flows_world.md). With a scenario: `base`, `with`, and what differs, instead of the keys of one."""

    year: int | None = None
    size: Annotated[dict[str, int] | None, means("zones, classes, markets, routes, facilities")] = None
    totals: Annotated[dict[str, float | None] | None, means("t, TEU, USD, tonne-hours, t of CO2e a year")] = None
    corridors: Annotated[
        list[dict[str, Any]], means("Tonnes, TEU and shares of each corridor, or shares on both sides.")
    ]
    bottlenecks: Annotated[
        list[dict[str, Any]] | None, means("Load, use, wait, price, what one more step is worth, and who is affected.")
    ] = None
    facilities: Annotated[list[dict[str, Any]], means("All of known capacity; null where a figure is not known.")]
    certificate: dict[str, Any] | None = None
    capacities: Annotated[list[str] | None, means("Rows of the table capacities.")] = None
    sources: list[str] | None = None
    left_out_share: Annotated[float | None, means("Share of all tonnes that `cover` leaves out.")] = None
    scenario: dict[str, Any] | None = None
    base: dict[str, Any] | None = None
    with_: Annotated[dict[str, Any] | None, Field(alias="with")] = None
    change: Annotated[dict[str, float | None] | None, means("Totals with the scenario less those of the base.")] = None
    names: Annotated[
        dict[str, dict[str, Any]],
        means("Names of the zones and classes that bottlenecks name; where facilities are, degrees."),
    ]


class Band(Answer):
    """Lines along which about as much flows."""

    mode: str
    amount: Annotated[float, means("A year, both directions together; of a change it may be below zero.")]
    width: Annotated[float, means("0 to 1: the root of its share of the largest.")]
    lines: Annotated[list[list[list[float]]], means("Lines of longitude, latitude in degrees.")]


class Bands(Answer):
    """Flows as bands on a map, and how much moves in each country."""

    measure: FlowsMeasure
    side: Side
    largest: float
    least: Annotated[float, means("What carries less is not drawn.")]
    bands: list[Band]
    moved: Annotated[
        list[dict[str, Any]], means("By country (empty: at sea) and mode: amount x km, and the most on one line.")
    ]


class FlowYears(Answer):
    """Corridors in some years."""

    years: list[dict[str, Any]]
    recorded: Annotated[
        list[dict[str, Any]], means("What is on record of corridors in these years: low and high, t or TEU.")
    ]
