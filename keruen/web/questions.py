"""Questions as they come in an address: their parameters, with units and examples, and the arguments of the functions they stand for.

The same names as the options of the command line. What a parameter may be is checked here as to its form (a number, a text of so many
letters); what it means is the engine's to know, whose error says what would be understood.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from keruen.routing.shipment import Shipment

MOST_NAMED = 32  # things avoided or required
MOST_LETTERS = 200
MOST_SCENARIO_LETTERS = 16_000

Name = Annotated[str, Field(min_length=1, max_length=MOST_LETTERS)]
Number = Annotated[float | None, Field(allow_inf_nan=False)]
Language = Annotated[Literal["en", "ru"], Field(description="Language of titles and labels.")]
SCENARIO = Annotated[
    str,
    Field(
        max_length=MOST_SCENARIO_LETTERS,
        description="A scenario: its text in TOML, or the name of a saved or shipped one. Empty: the tables as they are.",
        examples=["suez_closed"],
    ),
]


class Question(BaseModel):
    """What questions share: a parameter nobody knows is an error, not a silent nothing."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    def key(self) -> str:
        """The question as a text: two questions that ask the same have the same."""
        return self.model_dump_json()


class ShipmentQuestion(Question):
    """What is sent."""

    commodity: Annotated[
        str,
        Field(
            max_length=MOST_LETTERS, description="Key or name of a row of the commodities table.", examples=["general"]
        ),
    ] = "general"
    unit: Annotated[
        str, Field(max_length=MOST_LETTERS, description="Load unit: 20ft, 40ft, trailer, tonne. Empty: the commodity's own.", examples=["40ft"])
    ] = ""  # fmt: skip
    tonnes: Annotated[
        Number, Field(description="Weight of the cargo, t. Default: one full unit (1,000 t of bulk).", examples=[20])
    ] = None
    value: Annotated[
        Number, Field(description="Value of the shipment, USD. Default: by commodity.", examples=[100000])
    ] = None
    vot: Annotated[
        Number, Field(description="Value of time, USD per tonne and day. Default: by commodity.", examples=[20])
    ] = None
    carbon_price: Annotated[
        float, Field(allow_inf_nan=False, description="Price of CO2e for the ranking, USD per tonne.", examples=[80])
    ] = 0.0
    vessel: Annotated[
        str,
        Field(
            max_length=MOST_LETTERS, description="Ship that must fit canals: key of the vessels table.", examples=[""]
        ),
    ] = ""
    draft: Annotated[Number, Field(description="Draught of the ship, m, for canals and rivers.", examples=[12.5])] = (
        None
    )
    beam: Annotated[Number, Field(description="Beam of the ship, m, for canals.", examples=[32.3])] = None

    def shipment(self) -> Shipment:
        """The shipment that the parameters describe."""
        given = {
            "value_usd": self.value, "value_of_time_usd_per_t_day": self.vot, "carbon_price_usd_per_t": self.carbon_price,
            "draft_m": self.draft, "beam_m": self.beam,
        }  # fmt: skip
        return Shipment(**{
            field.name: given[field.name] if field.name in given else getattr(self, field.name) for field in fields(Shipment)
        })  # fmt: skip


class RouteQuestion(ShipmentQuestion):
    """Which ways lead from one place to another."""

    from_: Annotated[
        Name, Field(alias="from", description="Origin: UN/LOCODE, name in English or Russian, or 'lat,lon' in degrees.", examples=["VNHPH"])
    ]  # fmt: skip
    to: Annotated[Name, Field(description="Destination, as `from`.", examples=["DEDUI"])]
    depart: Annotated[
        str | None, Field(max_length=10, description="Day of departure, as 2025-11-10. Default: usual conditions.", examples=["2025-11-10"])
    ] = None  # fmt: skip
    within: Annotated[
        Number, Field(description="Ask how probable it is to arrive within so many days.", examples=[30])
    ] = None
    avoid: Annotated[
        list[Name],
        Field(max_length=MOST_NAMED, description="What no route may use: country, place, passage, mode, corridor, service or border, by key or "
              "name, or kind:value. May be repeated.", examples=[["suez"]]),
    ] = []  # fmt: skip
    require: Annotated[
        list[Name], Field(max_length=MOST_NAMED, description="As `avoid`, but must be used. May be repeated, up to four times.", examples=[["trans_caspian"]])
    ] = []  # fmt: skip
    sanctions: Annotated[
        list[Name], Field(max_length=MOST_NAMED, description="Profiles of the sanctions table whose items are avoided.", examples=[["eu_russia_belarus_transit"]])
    ] = []  # fmt: skip
    objective: Annotated[
        Literal["", "fastest", "cheapest", "cleanest", "surest"], Field(description="Only the one best way by this. Empty: the ways side by side.")
    ] = ""  # fmt: skip
    only_unbeaten: Annotated[
        bool, Field(description="Leave out corridors that another way beats on time, cost and CO2e at once.")
    ] = False
    most: Annotated[int, Field(ge=1, le=50, description="At most so many unbeaten routes that really differ.")] = 8
    scenario: SCENARIO = ""

    def core(self) -> RouteQuestion:
        """The question about ways alone, without what else was asked of the answer."""
        return RouteQuestion.model_construct(**{name: getattr(self, name) for name in RouteQuestion.model_fields})

    def arguments(self) -> dict[str, Any]:
        """The keyword arguments of `keruen.route`."""
        return {
            "shipment": self.shipment(), "depart": self.depart or None, "avoid": self.avoid, "require": self.require,
            "sanctions": self.sanctions, "objective": self.objective, "only_unbeaten": self.only_unbeaten, "most": self.most,
            "within_days": self.within,
        }  # fmt: skip


class RouteAsked(RouteQuestion):
    """A route question, and whether the answer holds coordinates."""

    geometry: Annotated[bool, Field(description="With the coordinates of the legs.")] = False


class PlaceAsked(Question):
    """The beginning of a name or code."""

    q: Annotated[
        str,
        Field(
            max_length=MOST_LETTERS,
            description="Beginning of a name in English or Russian, or of a code.",
            examples=["хор"],
        ),
    ]
    limit: Annotated[int, Field(ge=1, le=50, description="At most so many places.")] = 8


class NearAsked(Question):
    """A point on earth."""

    lat: Annotated[float, Field(ge=-90, le=90, description="Latitude, degrees.", examples=[44.2])]
    lon: Annotated[float, Field(ge=-180, le=180, description="Longitude, degrees.", examples=[80.4])]
    limit: Annotated[int, Field(ge=1, le=50, description="At most so many places.")] = 8
