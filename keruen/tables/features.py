"""Features: how a table names something a route may use.

    kind:value[@mode]    passage:suez   service:aktau_alat   border:khorgos_rail   place:RUVYP   mode:air
    country:IR@rail      in the country, by this mode only
    pair:KZ-RU@rail      across the border between two countries, either way; pair:KZ>RU from the first to the second
    region:north_of_66   beyond a parallel, in degrees

Corridors are conditions made of features, sanctions profiles are lists of them, `--avoid` and `--require` take them.
Reading a feature is a matter of grammar; which arcs have it is the network's business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from keruen.errors import UnknownOption
from keruen.tables.words import said

MODES = ("rail", "road", "sea", "ferry", "air", "inland_waterway")
FEATURE_KINDS = ("passage", "service", "border", "place", "country", "pair", "mode", "region")
TABLE_OF_KIND = {
    "passage": "passages",
    "service": "services",
    "border": "borders",
    "place": "places",
    "country": "countries",
    "pair": "countries",
}
FEATURE = re.compile(r"(?P<kind>[a-z]+):(?P<value>[^@\s|]+)(@(?P<mode>[a-z_]+))?")
PAIR = re.compile(r"([A-Z]{2})[->]([A-Z]{2})")
REGION = re.compile(r"(north|south)_of_([0-9]|[1-8][0-9])")


@dataclass(frozen=True)
class Feature:
    """A parsed feature: kind, value, and the mode it is limited to (empty: any)."""

    kind: str
    value: str
    mode: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}" + (f"@{self.mode}" if self.mode else "")

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys it names in the table of its kind: two countries for a pair, none for a mode or a region."""
        if self.kind == "pair":
            return (self.value[:2], self.value[3:])
        return (self.value,) if self.kind in TABLE_OF_KIND else ()


def parse_feature(text: str) -> Feature:
    """The feature written in a text. Raises UnknownOption, with how features are written, if it is none."""
    match = FEATURE.fullmatch(text.strip())
    if match is None:
        raise UnknownOption(said("err_feature_form", text=text))
    kind, value, mode = match["kind"], match["value"], match["mode"] or ""
    if kind not in FEATURE_KINDS:
        raise UnknownOption(said("err_feature_kind", text=text, kind=kind, known=", ".join(FEATURE_KINDS)))
    for name in (mode, value if kind == "mode" else ""):
        if name and name not in MODES:
            raise UnknownOption(said("err_feature_mode", text=text, mode=name, known=", ".join(MODES)))
    if kind == "pair" and not PAIR.fullmatch(value):
        raise UnknownOption(said("err_feature_pair", text=text))
    if kind == "region" and not REGION.fullmatch(value):
        raise UnknownOption(said("err_feature_region", text=text))
    return Feature(kind, value, mode)
