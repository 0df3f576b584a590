"""The pictures of a brief, drawn for paper: letters that can be read at the size they are printed, DejaVu Sans with all Cyrillic letters.

    trade_chart    exports and imports of each year as bars, what others say of the same as open diamonds
    shares_chart   who supplies a material, as bars
    journeys       the time-cost-distance diagram (tcd.py) and the map (charts.py) of the ways shown

The same data gives the same bytes: nothing in a picture tells when it was made.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from keruen.reports.brief_draft import Draft
from keruen.reports.brief_model import Picture
from keruen.reports.map_style import COLOURS, INK, QUIET, RULE
from keruen.reports.picture import blank_figure, house_style
from keruen.routing.performance import Trip, bundles, from_result
from keruen.routing.result import ResultDict

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from keruen.reports.brief_trade import Trade

HALF, WIDE = (1000, 560), (1160, 860)  # pixels of pictures that take half of the page
LETTERS, FINE = 19.0, 16.0  # points at 100 pixels an inch: 8 and 7 points once printed
MILLION = 1e6


def picture(name: str, title: str, alt: str, draw: Callable[[], Figure]) -> Picture:
    """A figure as PNG, the same bytes every time."""
    with house_style():
        figure = draw()
        held = io.BytesIO()
        figure.savefig(held, format="png", metadata={"Software": "Keruen"})
    width, height = (round(inches * figure.dpi) for inches in figure.get_size_inches())
    return Picture(name, held.getvalue(), (width, height), title, alt)


def trade_chart(draft: Draft, trade: Trade) -> Picture:
    """Exports and imports by year."""
    words, years = draft.words, trade.years
    title = draft.words["brief_chart_trade"]
    told = "; ".join(
        f"{one.year}: "
        + ", ".join(
            f"{words[f'flow_{flow}']} {draft.number((one.official[flow].value or 0) / MILLION, 1)}"
            for flow in ("export", "import")
            if flow in one.official
        )
        for one in years
    )

    def draw() -> Figure:
        figure = blank_figure(HALF)
        axes = figure.add_axes((0.1, 0.11, 0.88, 0.74))
        most = 0.0
        for k, flow in enumerate(("export", "import")):
            for i, year in enumerate(years):
                x = i + (k - 0.5) * 0.38
                if flow in year.official:
                    value = (year.official[flow].value or 0.0) / MILLION
                    most = max(most, value)
                    axes.bar(
                        x, value, 0.36, color=COLOURS[k], label=words[f"flow_{flow}"] if i == 0 else None, zorder=2
                    )
                said = [(f.value or 0.0) / MILLION for f in year.rivals if f.flow == flow]
                axes.plot(
                    [x] * len(said),
                    said,
                    "D",
                    markersize=9,
                    markerfacecolor="white",
                    markeredgecolor=INK,
                    markeredgewidth=1.6,
                    zorder=3,
                    linestyle="none",
                )
        _quiet(axes)
        axes.set_xticks(range(len(years)), [one.year for one in years], fontsize=LETTERS, color=INK)
        axes.set_ylim(0, most * 1.12 or 1.0)
        ticks = [tick for tick in axes.get_yticks() if 0 <= tick <= most * 1.12]
        axes.set_yticks(ticks, [draft.number(tick) for tick in ticks], fontsize=FINE, color=QUIET)
        figure.legend(
            loc="upper left", bbox_to_anchor=(0.07, 1.0), ncols=2, fontsize=LETTERS, frameon=False, handlelength=1.0
        )
        if any(f.flow in ("export", "import") for year in years for f in year.rivals):
            figure.text(0.985, 0.845, f"◇ {words['brief_others_say']}", fontsize=FINE, color=QUIET, ha="right")
        return figure

    return picture("trade", title, told, draw)


def shares_chart(draft: Draft, name: str, title: str, shares: Mapping[str, Mapping[str, float]]) -> Picture:
    """Shares of suppliers as bars, one group of bars for each series: series -> country -> share from 0 to 1."""
    countries = list(dict.fromkeys(country for one in shares.values() for country in one))
    told = "; ".join(
        f"{series}: " + ", ".join(f"{country} {draft.number(100 * share)} %" for country, share in one.items())
        for series, one in shares.items()
    )

    def draw() -> Figure:
        height = 90 + 58 * len(countries)
        figure = blank_figure((1000, height))
        axes = figure.add_axes((0.29, 0.01, 0.68, 1 - 80 / height))
        thick = 0.76 / len(shares)
        for k, (series, one) in enumerate(shares.items()):
            for i, country in enumerate(countries):
                y = -(i + (k - (len(shares) - 1) / 2) * thick)
                value = 100 * one.get(country, 0.0)
                axes.barh(y, value, thick * 0.94, color=COLOURS[k], label=series if i == 0 else None)
                if country in one:
                    shown = draft.number(value, 0 if value >= 10 else 1)
                    axes.text(value + 0.6, y, f"{shown} %", va="center", fontsize=FINE, color=INK)
        _quiet(axes, across=True)
        axes.set_yticks([-i for i in range(len(countries))], countries, fontsize=LETTERS, color=INK)
        most = max((100 * share for one in shares.values() for share in one.values()), default=1.0)
        axes.set_xlim(0, most * 1.18)
        axes.set_ylim(-len(countries) + 0.4, 0.6)
        axes.set_xticks([])
        figure.legend(
            loc="upper left", bbox_to_anchor=(0.0, 1.0), ncols=3, fontsize=LETTERS, frameon=False, handlelength=1.0
        )
        return figure

    return picture(name, title, told, draw)


def _quiet(axes: Any, *, across: bool = False) -> None:
    """Axes without a box, with fine lines."""
    for spine in axes.spines.values():
        spine.set_visible(False)
    if not across:
        axes.grid(axis="y", color=RULE, linewidth=1.0)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)


def journey_pictures(draft: Draft, result: ResultDict, told: str) -> tuple[Picture, Picture]:
    """The time-cost-distance diagram and the map of the ways in an answer (with geometry), numbered and coloured alike."""
    from keruen.reports.charts import route_map
    from keruen.reports.tcd import diagram

    trips = [spoken(trip, draft.spoken) for trip in from_result(result)]
    shown = named(result, draft.spoken)
    return (
        picture(
            "tcd",
            draft.words["brief_chart_tcd"],
            told,
            lambda: diagram(bundles(trips), lang=draft.lang, size=WIDE, panel=False, scale=2.7),
        ),
        picture(
            "map",
            draft.words["brief_chart_map"],
            told,
            lambda: route_map(shown, lang=draft.lang, size=WIDE, panel=False, scale=2.1),
        ),
    )


def spoken(trip: Trip, lang: str) -> Trip:
    """A trip whose names are those of a language, whatever the words around them are."""
    if lang != "ru":
        return trip
    steps = tuple(
        one._replace(start=one.start_ru or one.start, end=one.end_ru or one.end, name=one.name_ru or one.name)
        for one in trip.steps
    )
    return replace(trip, name=trip.name_ru or trip.name, steps=steps)


def named(result: ResultDict, lang: str) -> ResultDict:
    """The same answer with the names of its places in a language."""
    if lang != "ru":
        return result
    places = {key: {**place, "name": place["name_ru"] or place["name"]} for key, place in result["places"].items()}
    ends = {end: {**result[end], "name": result[end]["name_ru"] or result[end]["name"]} for end in ENDS}  # type: ignore[literal-required]
    return {**result, **ends, "places": places}  # type: ignore[typeddict-item]


ENDS: Sequence[str] = ("origin", "destination")
