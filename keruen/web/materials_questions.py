"""Questions about materials, chains and sites as they come in an address; the same names as the options of the command line.

What the server answers beside others must end: a material is asked for by name, pairs of countries are few, amounts are numbers.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from keruen.web.questions import SCENARIO, Name, Names, Number, Question, ScenarioText, Text, asks

MOST_PAIRS = 6
MOST_AMOUNT = 1e12
MOST_PERIODS, MOST_SECONDS, LEAST_GAP = 3, 60, 0.01  # of a plan that others wait beside
Pair = Annotated[str, Field(pattern=r"^[A-Za-z]{2}:[A-Za-z]{2}$")]
Way = Annotated[str, Field(pattern=r"^\w{1,60}=\w{1,60}$")]
Place = Annotated[str, Field(pattern=r"^\w{1,60}=[A-Za-z]{2}$")]
Stage = Literal["", "extraction", "processing"]


class ListedAsked(Question):
    """A list of materials, and what a country makes of it."""

    of: Annotated[Text, asks("What this country makes of them, by code or name. Empty: not asked.", "KZ")] = ""
    list: Annotated[
        Text, asks("Only those on a list: eu2011, eu2014, eu2017, eu2020, eu2023, us2022, us2025.", "eu2020")
    ] = ""


class MaterialAsked(Question):
    """One material."""

    name: Annotated[
        Name, asks("Code, name in English or Russian, chemical sign, or HS code.", "titanium", "бериллий", "811212")
    ]
    scenario: Annotated[ScenarioText, asks(SCENARIO, "kazakhstan_titanium_lost")] = ""


class RiskAsked(Question):
    """Supply risk of materials."""

    name: Annotated[Names, asks("Materials, as for one. May be repeated. Default: all.", ["titanium_metal"])] = []
    assessment: Annotated[
        Literal["2023", "2017"], asks("2023: out of shares of supply. 2017: out of the inputs published then.")
    ] = "2023"
    stages: Annotated[bool, asks("With the stages, their inputs and the benchmarks.")] = True
    scenario: Annotated[ScenarioText, asks(SCENARIO, "recycling_doubled")] = ""


class RiskFileAsked(RiskAsked):
    """Supply risk as a table to take away."""

    list: Annotated[Text, asks("Only materials on a list, and their parts.", "eu2023")] = ""


class ExposureAsked(Question):
    """How a buyer's supply hangs on ways."""

    name: Annotated[Name, asks("The material, as for one.", "titanium_metal")]
    buyer: Annotated[Name, asks("EU, or a country by code or name.", "EU")] = "EU"
    stage: Annotated[Stage, asks("Stage of supply. Empty: the one whose risk decides.")] = ""
    scenario: Annotated[ScenarioText, asks(SCENARIO, "russia_closed")] = ""


class ChainAsked(Question):
    """What a product takes along its chain."""

    good: Annotated[Name, asks("Key of a row of chain_goods.", "electric_car")]
    amount: Annotated[Number, asks("How much of it, in its unit (t, kWh, pieces).", 1000, gt=0, le=MOST_AMOUNT)] = 1.0
    by: Annotated[
        list[Way],
        asks(
            "Make a good by this recipe, as GOOD=RECIPE. May be repeated.",
            ["lithium_carbonate=carbonate_from_concentrate"],
            max_length=20,
        ),
    ] = []
    recycled: Annotated[float, asks("Share of scrap that is recycled.", 0.5, ge=0, le=1)] = 0.0
    country: Annotated[
        Name, asks("Country whose costs and electricity its plants have (ISO 3166-1 alpha-2).", "KZ")
    ] = "KZ"
    where: Annotated[
        list[Place],
        asks("Put a step elsewhere, as RECIPE=COUNTRY. May be repeated.", ["melt_titanium_ingot=FR"], max_length=20),
    ] = []
    scenario: Annotated[ScenarioText, asks(SCENARIO)] = ""

    def ways(self) -> dict[str, str]:
        """The recipe of each good that is made another way than usual."""
        return dict((good, recipe) for good, _, recipe in (one.partition("=") for one in self.by))

    def places(self) -> dict[str, str]:
        """The country of each recipe that is put elsewhere, in capitals."""
        return dict((recipe, country.upper()) for recipe, _, country in (one.partition("=") for one in self.where))


class ChainWayAsked(Question):
    """A unit of a good at a market, from the ore."""

    good: Annotated[Name, asks("Key of a row of chain_goods, of which plants are known.", "cell_lfp")]
    market: Annotated[Name, asks("Key of a row of car_markets.", "de_munich")] = "de_munich"
    carbon_price: Annotated[float, asks("USD per tonne of CO2e of plants and transport.", 50, ge=0, le=10_000)] = 0.0
    scenario: Annotated[ScenarioText, asks(SCENARIO)] = ""


class SitingAsked(Question):
    """Cells of one country against those of another."""

    pair: Annotated[
        list[Pair],
        asks(
            "Two countries, the first asked about, the second beside it. May be repeated.",
            ["KZ:HU"],
            min_length=1,
            max_length=MOST_PAIRS,
        ),
    ]
    market: Annotated[Name, asks("Key of a row of car_markets.", "de_munich")] = "de_munich"
    carbon_price: Annotated[float, asks("USD per tonne of CO2e of plants and transport.", 50, ge=0, le=10_000)] = 0.0
    scenario: Annotated[ScenarioText, asks(SCENARIO)] = ""

    def pairs(self) -> list[tuple[str, str]]:
        """The pairs of countries, in capitals."""
        return [(first, second) for first, _, second in (one.upper().partition(":") for one in self.pair)]


class PlanAsked(Question):
    """Where each plant from lithium ore to battery cells should stand."""

    periods: Annotated[int, asks("Periods of two years from 2026 on.", ge=1, le=MOST_PERIODS)] = 1
    gap: Annotated[float, asks("Stop at this distance from the best, a share.", 0.05, ge=LEAST_GAP, le=1)] = 0.05
    seconds: Annotated[float, asks("Stop after this time of search at the latest, s.", 30, ge=1, le=MOST_SECONDS)] = (
        30.0
    )
    carbon_price: Annotated[float, asks("USD per tonne of CO2e of plants and transport.", 50, ge=0, le=10_000)] = 0.0
    most_of_one_country: Annotated[
        float, asks("Share of each step that one country may make; 0.65 is the rule of the Union.", 0.65, ge=0.05, le=1)
    ] = 1.0
    scenario: Annotated[ScenarioText, asks(SCENARIO)] = ""
