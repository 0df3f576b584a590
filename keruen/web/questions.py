"""Questions as they come in an address: their parameters, with units and examples, and the arguments of the functions they stand for.

The same names as the options of the command line. What a parameter may be is checked here as to its form (a number, a text of so many
letters); what it means is the engine's to know, whose error says what would be understood.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from keruen.routing.shipment import Shipment

MOST_NAMED = 32  # things avoided or required
MOST_ENDS = 100  # of a matrix
MOST_LETTERS = 200
MOST_SCENARIO_LETTERS = 16_000
MOST_TEXT_LETTERS = 1_000_000  # of a text whose figures are checked: some seconds of work


def asks(meaning: str, *examples: Any, **rules: Any) -> Any:
    """A parameter: what it means, with its unit; examples; and rules of its form."""
    return Field(description=meaning, examples=list(examples) or None, **rules)


Name = Annotated[str, Field(min_length=1, max_length=MOST_LETTERS)]
Text = Annotated[str, Field(max_length=MOST_LETTERS)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Names = Annotated[list[Name], Field(max_length=MOST_NAMED)]
Ends = Annotated[list[Name], Field(max_length=MOST_ENDS)]
ScenarioText = Annotated[str, Field(max_length=MOST_SCENARIO_LETTERS)]
Language = Literal["en", "ru"]
Objective = Literal["", "fastest", "cheapest", "cleanest", "surest"]
Measure = Literal["time_h", "cost_usd", "co2e_kg"]

AVOID = "What no route may use: country, place, passage, mode, corridor, service or border, by key or name, or kind:value. May be repeated."
SCENARIO = "A scenario: its text in TOML, or the name of a saved or shipped one. Empty: the tables as they are."


class Question(BaseModel):
    """What questions share: a parameter nobody knows is an error, not a silent nothing."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    def key(self) -> str:
        """The question as a text: two questions that ask the same have the same."""
        return self.model_dump_json()


class ShipmentQuestion(Question):
    """What is sent."""

    commodity: Annotated[Text, asks("Key or name of a row of the commodities table.", "general")] = "general"
    unit: Annotated[Text, asks("Load unit: 20ft, 40ft, trailer, tonne. Empty: the commodity's own.", "40ft")] = ""
    tonnes: Annotated[Number | None, asks("Weight of the cargo, t. Default: one full unit (1,000 t of bulk).", 20)] = (
        None
    )
    value: Annotated[Number | None, asks("Value of the shipment, USD. Default: by commodity.", 100000)] = None
    vot: Annotated[Number | None, asks("Value of time, USD per tonne and day. Default: by commodity.", 20)] = None
    carbon_price: Annotated[Number, asks("Price of CO2e for the ranking, USD per tonne.", 80)] = 0.0
    vessel: Annotated[Text, asks("Ship that must fit canals: key of the vessels table.", "panamax")] = ""
    draft: Annotated[Number | None, asks("Draught of the ship, m, for canals and rivers.", 12.5)] = None
    beam: Annotated[Number | None, asks("Beam of the ship, m, for canals.", 32.3)] = None

    def shipment(self) -> Shipment:
        """The shipment that the parameters describe."""
        return Shipment(
            commodity=self.commodity, unit=self.unit, tonnes=self.tonnes, value_usd=self.value, value_of_time_usd_per_t_day=self.vot,
            carbon_price_usd_per_t=self.carbon_price, vessel=self.vessel, draft_m=self.draft, beam_m=self.beam,
        )  # fmt: skip


class RouteQuestion(ShipmentQuestion):
    """Which ways lead from one place to another."""

    from_: Annotated[
        Name, asks("Origin: UN/LOCODE, name in English or Russian, or 'lat,lon' in degrees.", "VNHPH", alias="from")
    ]
    to: Annotated[Name, asks("Destination, as `from`.", "DEDUI")]
    depart: Annotated[
        Text | None, asks("Day of departure, as 2025-11-10. Default: usual conditions.", "2025-11-10")
    ] = None
    within: Annotated[Number | None, asks("Ask how probable it is to arrive within so many days.", 30)] = None
    avoid: Annotated[Names, asks(AVOID, ["suez"])] = []
    require: Annotated[
        Names, asks("As `avoid`, but must be used. May be repeated, up to four times.", ["trans_caspian"])
    ] = []
    sanctions: Annotated[
        Names, asks("Profiles of the sanctions table whose items are avoided.", ["eu_russia_belarus_transit"])
    ] = []
    objective: Annotated[Objective, asks("Only the one best way by this. Empty: the ways side by side.", "fastest")] = (
        ""
    )
    only_unbeaten: Annotated[
        bool, asks("Leave out corridors that another way beats on time, cost and CO2e at once.")
    ] = False
    most: Annotated[int, asks("At most so many unbeaten routes that really differ.", ge=1, le=50)] = 8
    scenario: Annotated[ScenarioText, asks(SCENARIO, "suez_closed")] = ""

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

    geometry: Annotated[bool, asks("With the coordinates of the legs.")] = False


class FileAsked(RouteQuestion):
    """A route question whose answer is taken away as a file."""

    lang: Annotated[Language, asks("Language of titles and labels in pictures.")] = "en"


class DiagramAsked(FileAsked):
    """A route question whose answer is drawn as a time-cost-distance diagram."""

    corridor: Annotated[Names, asks("Only these corridors, by key. May be repeated. Default: all.", ["suez"])] = []
    measure: Annotated[
        list[Measure], asks("What is drawn over the kilometres. May be repeated.", ["time_h"], max_length=3)
    ] = ["time_h"]


class EmissionsAsked(RouteQuestion):
    """A route question, and the route of its answer whose emissions are accounted for."""

    number: Annotated[int, asks("Which route of the answer, from 1.", ge=1, le=100)] = 1
    load_factor: Annotated[
        Number | None, asks("How full loaded trucks run, 0 to 1. Default: as the factor's average.", 0.8)
    ] = None
    empty_share: Annotated[
        Number | None, asks("With `load_factor`: empty kilometres of trucks over all, 0 to 1. Default: 0.", 0.25)
    ] = None


class MatrixAsked(ShipmentQuestion):
    """A table of least values between places."""

    from_: Annotated[
        Ends, asks("Origins, as in a route question. To be repeated.", ["VNHPH", "CNXAG"], alias="from", min_length=1)
    ]
    to: Annotated[Ends, asks("Destinations. To be repeated. Default: the origins.", ["DEDUI"])] = []
    by: Annotated[
        Literal["time", "cost", "co2e", "generalized"], asks("What is least: h, USD, kg or USD of generalized cost.")
    ] = "time"
    scenario: Annotated[ScenarioText, asks(SCENARIO)] = ""


class PlaceAsked(Question):
    """The beginning of a name or code."""

    q: Annotated[Text, asks("Beginning of a name in English or Russian, or of a code.", "хор")]
    limit: Annotated[int, asks("At most so many places.", ge=1, le=50)] = 8


class NearAsked(Question):
    """A point on earth."""

    lat: Annotated[float, asks("Latitude, degrees.", 44.2, ge=-90, le=90)]
    lon: Annotated[float, asks("Longitude, degrees.", 80.4, ge=-180, le=180)]
    limit: Annotated[int, asks("At most so many places.", ge=1, le=50)] = 8


class ServiceOfferAsked(Question):
    """A service that is not there yet."""

    from_: Annotated[Text, asks("Port it leaves from: key of a row of places.", "KZKUR", alias="from", min_length=1)]
    to: Annotated[Text, asks("Port it arrives at: key of a row of places.", "AZBAK", min_length=1)]
    kind: Annotated[
        Literal["roro", "rail_ferry", "feeder"], asks("Ferry for trucks, for wagons, or ship for boxes.")
    ] = "roro"
    scenario: Annotated[
        ScenarioText, asks("A scenario that adds a port of these: its text in TOML, or its name. Empty: none.")
    ] = ""


class LineOfferAsked(Question):
    """A railway that is drawn."""

    point: Annotated[
        list[Annotated[str, Field(pattern=r"^-?\d{1,2}(\.\d{1,9})?,-?\d{1,3}(\.\d{1,9})?$")]],
        asks(
            "Its points from end to end, each as latitude,longitude in degrees.",
            ["44.1,80.4", "43.9,81.3"],
            min_length=2,
            max_length=MOST_ENDS,
        ),  # fmt: skip
    ]

    def points(self) -> list[tuple[float, float]]:
        """As numbers."""
        return [(float(lat), float(lon)) for lat, _, lon in (one.partition(",") for one in self.point)]


class RowsAsked(Question):
    """Some rows of a table."""

    q: Annotated[Text, asks("Only rows that contain all these words, whatever their case.", "khorgos")] = ""
    offset: Annotated[int, asks("Rows to skip.", ge=0, le=1_000_000)] = 0
    limit: Annotated[int, asks("At most so many rows.", ge=1, le=1000)] = 100


class SearchAsked(Question):
    """Words that rows contain."""

    q: Annotated[Text, asks("Words, whatever their case; a row must contain all of them.", "khorgos dwell")]
    limit: Annotated[int, asks("At most so many rows.", ge=1, le=500)] = 50


class FigureAsked(Question):
    """A figure that is shown somewhere."""

    figure: Annotated[
        Names, asks("A row as table:key, a place, or a source. May be repeated.", ["tariffs:rail/KZ/feu"], min_length=1)
    ]


class AccuracyAsked(Question):
    """Which rows count."""

    half: Annotated[
        Literal["", "fit", "report", "all"],
        asks("Rows that count: those parameters were fitted to, the others, or all. Empty: the others; all of a file."),
    ] = ""
    rows: Annotated[bool, asks("With the single rows.")] = True


class AccuracyFileAsked(Question):
    """The comparison as a picture or table."""

    half: Annotated[Literal["", "fit", "report", "all"], asks("As for the comparison.")] = ""
    lang: Annotated[Language, asks("Language of titles and labels.")] = "en"


class CompareAsked(RouteQuestion):
    """A route question, and a scenario beside the tables as they are."""

    scenario: Annotated[
        ScenarioText, asks("A scenario: TOML text, or the name of a saved or shipped one.", "suez_closed", min_length=1)
    ]
    geometry: Annotated[bool, asks("With the coordinates of the legs.")] = False


class CheckAsked(Question):
    """How a text is to be checked. What the text says stands in the body, never in an address."""

    published: Annotated[
        Text,
        asks("Day of the text, as 2024-05-16. Default: found in its head, or in the page's metadata.", "2024-05-16"),
    ] = ""
    lang: Annotated[Language, asks("Language of the marked page; answers in JSON have both.")] = "en"


class CheckText(Question):
    """A text whose figures are checked; what is not said here is as in the address."""

    text: Annotated[str, asks("The text, in English, Russian or Kazakh.")]
    published: Annotated[Text, asks("Day of the text, as 2024-05-16.")] = ""
    lang: Annotated[Language | None, asks("Language of the marked page.")] = None


class FiguresAsked(Question):
    """What is on record of a subject."""

    subject: Annotated[Name, asks("A country by code or name, or a subject that the ledger has, as TITR.", "KZ")]
    partner: Annotated[Text, asks("With whom: a country, a group as EU, WLD for the world. Empty: all.", "VN")] = ""
    flow: Annotated[
        Literal["", "turnover", "export", "import", "re-export", "transit", "freight", "production", "other"],
        asks("Only this flow. Empty: all."),
    ] = ""
    commodity: Annotated[Text, asks("Only goods with this word or HS code; TOTAL for all goods.", "TOTAL")] = ""
    period: Annotated[
        Text, asks("Only figures within a year, a month or an interval, as 2023 or 2022-01/2022-09.", "2023")
    ] = ""


class TradeAsked(Question):
    """Trade of a country out of the trade store."""

    reporter: Annotated[Name, asks("Country by ISO code or name.", "KZ")]
    partner: Annotated[Text, asks("Country or group by code or name. Empty or WLD: all.", "VN")] = ""
    code: Annotated[Text, asks("Product, as 8108 or 810820; TOTAL for all goods.", "TOTAL", min_length=1)] = "TOTAL"
    period: Annotated[
        Text,
        asks(
            "2023, 2023-Q3, 2023-9M (January to September) or 2023-05. Default: the latest year in the store.", "2023"
        ),
    ] = ""


class BriefAsked(TradeAsked):
    """Trade of a country, and how it is parted."""

    by: Annotated[
        Literal["", "partner", "product", "mode"], asks("Part the figures. Empty: by partner where none is named.")
    ] = ""
    level: Annotated[Literal["2", "4", "6"], asks("Digits of the products.")] = "2"
    mode: Annotated[
        Text, asks("Only by road, rail, sea, inland, air or pipeline, where the source tells it.", "rail")
    ] = ""


class YearsAsked(Question):
    """Trade of a country year by year."""

    reporter: Annotated[Name, asks("Country by ISO code or name.", "KZ")]
    partner: Annotated[Text, asks("Country or group by code or name. Empty or WLD: all.", "VN")] = ""
    code: Annotated[Text, asks("Product, as 8108 or 810820; TOTAL for all goods.", "TOTAL", min_length=1)] = "TOTAL"
    most: Annotated[int, asks("At most so many years, the latest.", ge=1, le=40)] = 12


class MirrorAsked(TradeAsked):
    """Trade of two countries as both declare it."""

    partner: Annotated[Name, asks("The other country by ISO code or name.", "CN")]


class TwoPagesAsked(Question):
    """A brief on two countries, a corridor or a material."""

    about: Annotated[Name, asks("Country, corridor or material, by code or name.", "KZ", "TITR", "titanium")]
    partner: Annotated[Text, asks("The other country, where `about` is one.", "VN")] = ""
    lang: Annotated[Literal["en", "ru", "kk"], asks("Language; kk: Kazakh labels, Russian sentences.")] = "en"
    from_: Annotated[Text, asks("Where the ways start. Empty: a usual place.", "KZALA", alias="from")] = ""
    to: Annotated[Text, asks("Where they end. Empty: a usual place.", "VNHPH")] = ""
