"""A claim: one figure that a text states, as slots, with its place in the text and what each slot rests on.

    subject - partner - flow - commodity - mode - period - value - growth - base, said how (modality) and by whose statistics

Countries are ISO 3166 alpha-3 codes, groups and corridors their names in our tables (EU, EAEU, TITR), `WLD` the world. Values are in
base units: an ISO 4217 currency, tonnes, TEU, tkm, barrels, count, h, days, km, %, times, or a count with its rate (flights/week).
A slot the text does not give is None. `origins` says where a slot comes from when it is given (ORIGINS), `spans` where its words stand,
`alternatives` what else could have been meant: nothing is guessed in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from keruen.errors import in_both
from keruen.tables.rounding import Interval, printed

FLOWS = ("turnover", "export", "import", "transit", "freight", "production", "other")
QUALIFIERS = ("approx", "almost", "slightly_over", "slightly_under", "more_than", "less_than", "range")
MODALITIES = ("stated", "planned", "forecast")
ORIGINS = ("own", "port", "left clause", "previous sentence", "earlier", "headline", "default")
"""Where a slot is from. `port`: a country that is named by its port only, whose figure is the port's and not the country's."""
SLOTS = (
    "subject",
    "partner",
    "flow",
    "commodity",
    "mode",
    "period",
    "value",
    "value_max",
    "unit",
    "qualifier",
    "growth_pct",
    "growth_pct_max",
    "growth_times",
    "growth_times_max",
    "growth_abs",
    "growth_qualifier",
    "base_value",
    "base_period",
    "share_pct",
    "share_of",
    "whole",
    "against",
    "modality",
    "perspective",
    "edition",
)
"""Everything that is asked of a claim, in the order in which it is printed."""


@dataclass(frozen=True)
class Printed:
    """A number as it stands in a text: its digits, how many of them are decimals, and what its last word multiplies it by."""

    digits: str
    decimals: int
    scale: float

    @property
    def half_width(self) -> float:
        """Half a unit of the last printed digit, in base units: 979,2 million stands for 979.2 +- 0.05 million."""
        return 0.5 * 10.0**-self.decimals * self.scale

    def interval(self, value: float) -> Interval:
        """What the number may mean once rounding is undone; `value` is its reading in base units (negative for a fall)."""
        return printed(value / self.scale, decimals=self.decimals, unit=self.scale)

    def to_json(self) -> dict[str, object]:
        """The number as a flat object."""
        return {"digits": self.digits, "decimals": self.decimals, "scale": self.scale, "half_width": self.half_width}


@dataclass(frozen=True)
class Alternative:
    """Another reading of one slot, and why it could be meant."""

    slot: str
    value: float | str
    reason: str

    def to_json(self) -> dict[str, object]:
        """The reading as a flat object."""
        return {"slot": self.slot, "value": self.value, **in_both("reason", self.reason)}


@dataclass(frozen=True)
class Claim:
    """One figure of a text. `start` and `end` are character offsets into the text, end excluded; `text` is what stands between.

    value, value_max: in `unit`; a range has both, and the qualifier `range` where nothing else is said of it.
    growth_pct: change in per cent, negative for a fall; growth_times: the factor, below 1 for a fall; growth_abs: the difference in `unit`.
    base_value, base_period: what it is compared with. whole: the number of which `value` is a part (16 of 30).
    share_pct, share_of: per cent of a flow. against: the mode or corridor that a multiple about a route is measured by.
    perspective: the country whose statistics speak, where the text says so. edition: preliminary or final, where it says so.
    """

    start: int
    end: int
    text: str
    lang: str
    subject: str | None = None
    partner: str | None = None
    flow: str | None = None
    commodity: str | None = None
    mode: str | None = None
    period: str | None = None
    value: float | None = None
    value_max: float | None = None
    unit: str | None = None
    qualifier: str | None = None
    growth_pct: float | None = None
    growth_pct_max: float | None = None
    growth_times: float | None = None
    growth_times_max: float | None = None
    growth_abs: float | None = None
    growth_qualifier: str | None = None
    base_value: float | None = None
    base_period: str | None = None
    share_pct: float | None = None
    share_of: str | None = None
    whole: float | None = None
    against: str | None = None
    modality: str = "stated"
    perspective: str | None = None
    edition: str | None = None
    printed: Mapping[str, Printed] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    alternatives: tuple[Alternative, ...] = ()

    def slots(self) -> dict[str, float | str]:
        """The slots that are given, by name."""
        return {name: value for name in SLOTS if (value := getattr(self, name)) is not None}

    def to_json(self) -> dict[str, object]:
        """The claim as an object of the contract: every slot, null where it is not given, and what it rests on."""
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "lang": self.lang,
            **{name: getattr(self, name) for name in SLOTS},
            "printed": {slot: printed.to_json() for slot, printed in self.printed.items()},
            "origins": dict(self.origins),
            "spans": {slot: list(span) for slot, span in self.spans.items()},
            "alternatives": [alternative.to_json() for alternative in self.alternatives],
        }
