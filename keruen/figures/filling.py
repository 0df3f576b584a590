"""The slots around a claim's figures: flow, goods, mode, countries, times, how it is said; own words first, then what was said before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import inf

from keruen.figures.claim import Alternative, Printed
from keruen.figures.draft import Draft, Group, Memory
from keruen.figures.entities import CORRIDORS, Mention, Pair, pair
from keruen.figures.lexicon import Mark
from keruen.figures.periods import Period, a_year_earlier, iso_of
from keruen.figures.quantities import COUNTED, CURRENCIES
from keruen.figures.roles import Scene
from keruen.tables.rounding import Interval, exactly
from keruen.tables.words import said

MODE_OF_UNIT = {
    "flights": "air",
    "trains": "rail",
    "train_pairs": "rail",
    "wagons": "rail",
    "trucks": "road",
    "vessels": "sea",
    "voyages": "sea",
}
MEASURE_OF_UNIT = {"days": "time", "h": "time", "km": "distance"}
FLOW_OF_UNIT = {"TEU": "freight", "containers": "freight", "tkm": "freight", "tonnes": "freight", "barrels": "freight"}
_COUNTS = COUNTED - {"TEU", "containers"}
TRADED = frozenset({"export", "import", "turnover"})
_OF_ITS_OWN = {"turnover": "turnover", "import": "export", "export": "import"}
"""What a country does that is somebody's partner, supplier or buyer."""
_SENT = ("shipment", "shipped", "deliver", "отгруз", "поставк", "отправ", "жөнелт", "жеткізіл")
NEAR = 4
"""Tokens within which one word says more of another."""


def _nearest(marks: Iterable[Mark], at: int, until: int) -> Mark | None:
    """The last mark before a claim's figures, else the first among them or after them."""
    listed = sorted(marks, key=lambda mark: mark.i)
    before = [mark for mark in listed if mark.i < at]
    return before[-1] if before else next(iter(listed), None)


def fill(draft: Draft, scene: Scene, group: Group, earlier: Draft | None, memory: Memory) -> None:
    """Fills the slots of a claim around its figures."""
    at, until = draft.extent()
    low, high = group.i, group.j
    _unit(draft, scene, group, earlier, memory)
    if (flats := scene.of("flat", low, high)) and "growth_times" not in draft.values:
        draft.put("growth_pct", 0.0, "own", (flats[0].i, flats[0].j))
    _flow(draft, scene, group, earlier, memory, at, until)
    if "share_pct" in draft.values and earlier is not None and scene.of("of_which", group.i, at):
        draft.put("share_of", earlier.values.get("flow"), "left clause")
    speaker = next(
        (place for place in scene.speakers if group.i <= place.i < group.j), next(iter(scene.speakers), None)
    )
    if speaker is not None:
        draft.put("perspective", speaker.place, "own", (speaker.i, speaker.j))
    flow = draft.values.get("flow")
    if not draft.compared:
        commodity = _nearest(scene.of("commodity", low, high), at, until)
        if commodity is not None:
            draft.put("commodity", commodity.means, "own", (commodity.i, commodity.j))
        mode = _nearest(scene.of("mode", low, high), at, until)
        compared_with = [mark for mark in scene.of("against", low, high) if mode is not None and mark.i < mode.i]
        if mode is not None and compared_with and str(draft.values.get("unit")) in MEASURE_OF_UNIT:
            draft.put("against", mode.means, "own", (mode.i, mode.j))
        elif mode is not None:
            draft.put("mode", mode.means, "own", (mode.i, mode.j))
    unit = str(draft.values.get("unit") or "").split("/")[0]
    draft.put("mode", MODE_OF_UNIT.get(unit), "own")
    draft.put("commodity", MEASURE_OF_UNIT.get(unit), "own")
    _places(draft, scene, group, earlier, memory, flow)
    _periods(draft, scene, group, earlier, memory)
    figures_only = not {"value", "subject", "partner"} & {slot for slot in draft.values if draft.origins[slot] == "own"}
    same_topic = earlier is not None and (
        draft.origins.get("flow") != "own" or (figures_only and earlier.values.get("flow") == flow != "other")
    )
    if same_topic and earlier is not None and not draft.compared and not draft.rate:
        for slot in ("commodity", "mode"):
            measured = earlier.values.get("unit") in MEASURE_OF_UNIT
            if slot in earlier.values and not (earlier.compared or earlier.rate or measured):
                draft.put(slot, earlier.values[slot], "left clause")
    elif draft.origins.get("flow") in {"previous sentence", "headline"} and not draft.rate:
        for slot in ("commodity", "mode"):
            if (found := memory.recall(slot, 1)) is not None and found[1] == draft.origins["flow"]:
                draft.put(slot, *found)
    _saying(draft, scene, group, memory)
    _close(draft)


def _unit(draft: Draft, scene: Scene, group: Group, earlier: Draft | None, memory: Memory) -> None:
    """A number with a multiplier only has the unit of the figure before it; that of a trade flow, the currency of the sentence before."""
    if "value" not in draft.values or "unit" in draft.values:
        return
    lent = earlier.values.get("unit") if earlier is not None else None
    if isinstance(lent, str) and lent not in {"%", "pp", "times"}:
        draft.put("unit", lent if "/" not in lent else None, "left clause")
    elif any(mark.means in TRADED for mark in scene.of("flow", group.i, group.j)) and (
        found := memory.recall("unit", 1)
    ):
        draft.put("unit", *found)


def _flow(draft: Draft, scene: Scene, group: Group, earlier: Draft | None, memory: Memory, at: int, until: int) -> None:
    unit = str(draft.values.get("unit") or "").split("/")[0]
    nouns = scene.of("partner_noun", group.i, group.j)
    if draft.compared or unit in MEASURE_OF_UNIT or (draft.rate and unit in CURRENCIES):
        draft.put("flow", "other", "own")
        return
    if "share_of" in draft.values:
        draft.put("flow", draft.values["share_of"], "own", draft.spans.get("share_of"))
    marks = scene.of("flow", group.i, group.j) + [mark for mark in scene.of("balance", group.i, group.j)]
    if unit in MODE_OF_UNIT:
        marks = [mark for mark in marks if mark.means not in {"freight", "other", "turnover"}]
    found = _nearest(marks, at, until)
    if found is not None:
        finer = next(
            (
                m
                for m in marks
                if m.means in {"export", "import", "transit"}
                and 0 < abs(m.i - found.i) <= NEAR
                and not _between(scene, m, found)
            ),
            None,
        )
        if (
            found.means in {"freight", "other", "turnover", "production"}
            and finer is not None
            and found.kind == "flow"
            and (found.means != "turnover")
        ):
            found = finer
        sent = found.means == "export" and scene.word(found.i).startswith(_SENT)
        along = [place for place in scene.places if group.i <= place.i < group.j] if sent else []
        if along and all(place.place in CORRIDORS for place in along):
            draft.put(
                "flow", "freight", "own", (found.i, found.j)
            )  # what is sent along a corridor, by nobody in particular
            return
        if found.kind == "balance":
            draft.put("flow", "other", "own", (found.i, found.j))
            draft.put("commodity", "trade_balance", "own", (found.i, found.j))
        else:
            draft.put("flow", found.means, "own", (found.i, found.j))
        return
    if nouns and (unit in CURRENCIES or unit in {"tonnes", "%", ""}):
        owned = _of_partner(scene, scene.places_in(group.i, group.j), Pair(), group).subject is not None
        means = nouns[0].means if owned else _OF_ITS_OWN[nouns[0].means]
        draft.put("flow", means, "own", (nouns[0].i, nouns[0].j))
        return
    if {"from", "to", "via"} <= {place.role for place in scene.places_in(group.i, group.j)}:
        draft.put("flow", "transit", "own")
        return
    if "whole" in draft.values or unit in MODE_OF_UNIT or unit == "count":
        draft.put("flow", "other", "own")
        return
    if earlier is not None and not earlier.compared and not earlier.rate:
        draft.put("flow", earlier.values.get("flow"), "left clause")
        if "share_pct" in draft.values:
            draft.put("share_of", draft.values.get("flow"), "left clause")
        return
    recalled = memory.recall("flow")
    carried = recalled is not None and not (unit in CURRENCIES and recalled[0] in {"freight", "transit"})
    if recalled is not None and carried:
        draft.put("flow", *recalled)
    draft.put("flow", FLOW_OF_UNIT.get(unit), "default")
    draft.put("flow", "other", "default")


def _between(scene: Scene, one: Mark, other: Mark) -> bool:
    """Whether a quantity or a comma stands between two marks."""
    low, high = min(one.j, other.j), max(one.i, other.i)
    return any(low <= q.i < high for q in scene.quantities) or any(
        scene.word(k) in {",", "и", "and", "және"} for k in range(low, high)
    )


def _places(draft: Draft, scene: Scene, group: Group, earlier: Draft | None, memory: Memory, flow: str | None) -> None:
    places = [place for place in scene.places if group.i <= place.i < group.j]
    here = pair(places, flow, draft.spans["flow"][0] if "flow" in draft.spans else None)
    if draft.compared:
        routes = [place for place in scene.places if place.place in CORRIDORS and place.i < group.j]
        here = Pair(routes[-1] if routes else here.subject, None)
    if "share_pct" in draft.values and len(places) > 0:
        here = _of_share(scene, places, here, group, flow in TRADED | {"transit"})
    here = _of_partner(scene, places, here, group)
    if here.subject is not None:
        draft.put("subject", here.subject.place, "own", (here.subject.i, here.subject.j))
    if here.partner is not None:
        draft.put("partner", here.partner.place, "own", (here.partner.i, here.partner.j))
    if "share_pct" in draft.values and earlier is not None and "partner" not in draft.values:
        draft.put("partner", earlier.values.get("partner"), "left clause")
    if (
        "partner" not in draft.values
        and flow in {"turnover", "export", "import"}
        and (worlds := scene.of("world", group.i, group.j))
    ):
        draft.put("partner", "WLD", "own", (worlds[0].i, worlds[0].j))
    if "subject" in draft.values and "partner" in draft.values:
        return
    ports = scene.of("port", group.i, group.j)
    if ports and "subject" not in draft.values and "partner" not in draft.values and not places:
        draft.put("subject", ports[0].means, "port", (ports[0].i, ports[0].j))
        return
    if scene.of("pair", group.i, group.j) and memory.pairs:
        whole = next((p for p in reversed(memory.pairs) if None not in p), None)
        if whole is not None:
            draft.put("subject", whole[0], "earlier")
            draft.put("partner", whole[1], "earlier")
            return
    if "subject" in draft.values:
        if earlier is not None and flow in {"export", "import", "turnover"}:
            sides = (earlier.values.get("partner"), earlier.values.get("subject"))
            other = sides[1] if sides[0] == draft.values["subject"] else sides[0]
            draft.put("partner", other if other != draft.values["subject"] else None, "left clause")
        return
    if "partner" in draft.values:
        _subject_beside(draft, earlier, memory, scene)
        return
    if (homes := scene.of("home", group.i, group.j)) and memory.home is not None:
        draft.put("subject", memory.home, "earlier", (homes[0].i, homes[0].j))
        return
    if earlier is not None and not (draft.compared and not earlier.compared):
        of_port = earlier.origins.get("subject") == "port"
        draft.put("subject", earlier.values.get("subject"), "port" if of_port else "left clause")
        draft.put("partner", earlier.values.get("partner"), "left clause")
        return
    before = pair([place for place in scene.places if place.i < group.i and place.place], flow)
    for slot, mention in (("subject", before.subject), ("partner", before.partner)):
        if mention is not None:
            draft.put(slot, mention.place, "left clause", (mention.i, mention.j))
    if "subject" not in draft.values and "partner" not in draft.values and (found := memory.recall("pair")) is not None:
        value, origin = found
        if isinstance(value, tuple):
            draft.put("subject", value[0], origin)
            draft.put("partner", value[1], origin)


def _of_partner(scene: Scene, places: list[Mention], here: Pair, group: Group) -> Pair:
    """Whose partner a country is: of "China is Kazakhstan's largest supplier" the reporter is Kazakhstan."""
    for noun in scene.of("partner_noun", group.i, group.j):
        before = [place for place in places if place.role == "of" and 0 <= noun.i - place.j <= 2 * NEAR]
        after = [place for place in places if place.role == "of" and 0 <= place.i - noun.j <= 1]
        owner = next(iter((after or before)[-1:]), None)
        other = next((p for p in places if owner and p is not owner and p.place != owner.place and p.j <= noun.i), None)
        if owner is not None and other is not None:
            return Pair(owner, other)
    return here


def _of_share(scene: Scene, places: list[Mention], here: Pair, group: Group, traded: bool) -> Pair:
    """Who has a share of whose flow: "доля Германии в экспорте Казахстана", "China accounts for 30% of Kazakhstan's exports"."""
    shares, flows = scene.of("share", group.i, group.j), scene.of("flow", group.i, group.j)
    if not shares:
        return here
    at, flow_at = shares[0], flows[-1].i if flows else len(scene.tokens)
    number = min((q.i for q in scene.quantities if q.i >= at.j), default=len(scene.tokens))
    sharer = next((place for place in places if 0 <= place.i - at.j <= 3 and place.i < min(flow_at, number)), None)
    if scene.lang == "en":  # "Russia's share in Kazakhstan's imports"
        sharer = next((place for place in places if place.role == "of" and 0 <= at.i - place.j <= 2), sharer)
    if sharer is None and scene.lang != "ru":
        sharer = next((place for place in places if place.j <= at.i and abs(place.i - flow_at) > 2), None)
    if sharer is None:
        return here
    owner = next((place for place in places if place is not sharer and place.place != sharer.place), None)
    if owner is None and not traded:
        return Pair(sharer, None)  # of the world's output
    return Pair(owner, sharer)


def _subject_beside(draft: Draft, earlier: Draft | None, memory: Memory, scene: Scene) -> None:
    """The reporter of a clause that names its partner only."""
    partner = draft.values["partner"]
    candidates: list[tuple[object, str]] = [(draft.values.get("perspective"), "own")]
    if earlier is not None:
        candidates.append((earlier.values.get("subject"), "left clause"))
    if (found := memory.recall("pair")) is not None and isinstance(found[0], tuple):
        candidates.append((found[0][1] if found[0][0] == partner else found[0][0], found[1]))
    candidates.append((memory.home, "earlier"))
    for value, origin in candidates:
        if (
            value is not None
            and value != partner
            and value != "WLD"
            and (earlier is None or value != earlier.values.get("partner"))
        ):
            draft.put("subject", value, origin)
            return


def _periods(draft: Draft, scene: Scene, group: Group, earlier: Draft | None, memory: Memory) -> None:
    at, until = draft.extent()
    own = [(i, j, period) for i, j, period in scene.periods if group.i <= i < group.j]
    main = [entry for entry in own if entry[2].role in {"main", "goal"}]
    changes = any(slot in draft.values for slot in ("growth_pct", "growth_times", "growth_abs", "base_value"))
    base_at = next(
        (quantity.i for quantity, role in zip(draft.quantities, draft.roles, strict=False) if role == "base"), None
    )
    if base_at is not None and len(main) > 1:
        beside = _beside_base(main, base_at, scene.lang)
        main = [entry for entry in main if entry is not beside]
        draft.put("base_period", beside[2].iso, "own", beside[:2])
    then = draft.since_then
    if then is not None and earlier is not None and not any(entry[0] > then for entry in main):
        draft.put("base_period", earlier.values.get("period"), "left clause")
        return
    if main:
        before = [entry for entry in main if entry[0] < at]
        i, j, period = before[-1] if before else main[0]
        draft.put("period", period.iso, "own", (i, j))
    based = [entry for entry in own if entry[2].role in {"base", "same", "since"}]
    left, right = (1, 4) if scene.lang == "kk" else (4, 1)
    based.sort(key=lambda entry: max((entry[0] - until) * right, (at - entry[1]) * left, 0))
    if not main and not draft.rate and not draft.compared:
        sentence_wide = [entry for entry in scene.periods if entry[0] < group.i and entry[2].role in {"main", "goal"}]
        if earlier is not None and "period" in earlier.values:
            draft.put("period", earlier.values["period"], "left clause")
        elif sentence_wide:
            i, j, period = sentence_wide[-1]
            draft.put("period", period.iso, "left clause", (i, j))
        elif (
            not any(entry[2].role == "since" and not changes for entry in based)
            and (found := memory.recall("period")) is not None
        ):
            draft.put("period", *found)
    iso = draft.values.get("period")
    if not changes:
        since = next((entry for entry in based if entry[2].role == "since" and entry[2].year is not None), None)
        if since is not None and not main:
            i, j, period = since
            until_year = memory.published.year - 1 if memory.published and period.ago else None
            draft.values.pop("period", None)
            draft.put(
                "period",
                iso_of(period.year, None, until_year) if until_year else f"{iso_of(period.year, period.part)}/..",
                "own",
                (i, j),
            )
        return
    for i, j, period in based:
        span = (i, j)
        if period.role == "since":
            year = period.year
            if period.ago and isinstance(iso, str) and iso[:4].isdigit():
                year = int(iso[:4]) - period.ago
            draft.put("base_period", iso_of(year, period.part) if year is not None else None, "own", span)
        elif period.role == "same":
            draft.put("base_period", _same(iso, period), "own", span)
        else:
            if (
                period.part is None
                and isinstance(iso, str)
                and "-" in iso
                and iso[:4].isdigit()
                and period.year is not None
            ):
                draft.put("base_period", iso.replace(iso[:4], f"{period.year:04d}"), "own", span)
                draft.alternatives.append(Alternative("base_period", period.iso, said("note_reading_whole_year")))
            draft.put("base_period", period.iso, "own", span)
    if (
        "base_period" not in draft.values
        and earlier is not None
        and earlier.origins.get("base_period") in {"own", "left clause"}
    ) and earlier.values.get("period") == iso:
        draft.put("base_period", earlier.values["base_period"], "left clause")
    if iso is not None and draft.values.get("base_period") == iso and isinstance(iso, str):
        draft.values["base_period"] = a_year_earlier(iso)  # "compared with last year" of a figure for last year
    goal = any(entry[2].role == "goal" for entry in own)
    if isinstance(iso, str) and not goal:
        draft.put("base_period", a_year_earlier(iso), "default")


def _beside_base(main: list[tuple[int, int, Period]], base_at: int, lang: str) -> tuple[int, int, Period]:
    """The time that a base is told for: in Kazakh the one before it, else the one after it ("from $4.7bn in 2022 to ...")."""
    before = [entry for entry in main if entry[0] < base_at]
    after = [entry for entry in main if entry[0] > base_at]
    first, second = (
        (before[-1:], after[:1])
        if lang == "kk" or before and base_at - before[-1][1] <= 1
        else (after[:1], before[-1:])
    )
    return (first or second)[0]


def _same(iso: object, period: Period) -> str | None:
    """The period that "the same period" names: the months of the main one, in the year told or the year before."""
    if not isinstance(iso, str):
        return None
    if period.year is not None and iso[:4].isdigit() and str(period.year) != iso[:4]:
        return iso.replace(iso[:4], f"{period.year:04d}")
    return a_year_earlier(iso)


def _saying(draft: Draft, scene: Scene, group: Group, memory: Memory) -> None:
    """How the claim is said: stated, planned or forecast, by whose statistics, of which edition."""
    at, until = draft.extent()
    modal = scene.of("modality", group.i, group.j)
    goal = any(period.role == "goal" and group.i <= i < group.j for i, _, period in scene.periods)
    if modal and not draft.compared:
        planned = next((mark for mark in modal if mark.means == "planned"), None)
        mark = planned or modal[0]
        draft.put("modality", mark.means, "own", (mark.i, mark.j))
    elif goal and not draft.compared:
        draft.put("modality", "planned", "own")
    draft.put("modality", "stated", "default")
    editions = scene.of("edition", 0, len(scene.tokens))
    if editions:
        draft.put("edition", editions[0].means, "own", (editions[0].i, editions[0].j))
    ahead = any(period.role == "since" and period.ago and group.i <= i < group.j for i, _, period in scene.periods)
    if draft.values["modality"] != "stated" and (ahead or draft.origins.get("base_period") == "default"):
        for slots in (draft.values, draft.origins, draft.spans):
            slots.pop("base_period", None)


def _close(draft: Draft) -> None:
    """Takes the reading of an ambiguous number that closes with its growth and base at printed precision, if exactly one does."""
    values, bases = draft.readings.get("value", ()), draft.readings.get("base_value", ())
    if not values or not bases or len(values) + len(bases) < 3:
        return
    growth, times = draft.values.get("growth_pct"), draft.values.get("growth_times")
    if "growth_pct" not in draft.printed and "growth_times" not in draft.printed:
        return
    if growth is not None and "growth_pct" in draft.printed:
        told = draft.printed["growth_pct"].interval(growth).scaled(0.01) + exactly(1.0)
    else:
        told = draft.printed["growth_times"].interval(float(times or 1))
    scales = draft.printed["value"].scale, draft.printed["base_value"].scale
    closing = [
        (value, base)
        for value in values
        for base in bases
        if told.meets(_ratio_of(_interval(value, scales[0]), _interval(base, scales[1])))
    ]
    if len(closing) != 1 or closing[0] == (values[0], bases[0]):
        return
    for slot, (taken, decimals) in zip(("value", "base_value"), closing[0], strict=True):
        first = draft.values[slot]
        if taken != first:
            draft.alternatives = [other for other in draft.alternatives if (other.slot, other.value) != (slot, taken)]
            draft.alternatives.append(Alternative(slot, first, said("note_reading_not_closing")))
            draft.values[slot] = taken
            draft.printed[slot] = replace(draft.printed[slot], decimals=decimals)


def _interval(reading: tuple[float, int], scale: float) -> Interval:
    return Printed("", reading[1], scale).interval(reading[0])


def _ratio_of(value: Interval, base: Interval) -> Interval:
    return value / base if base.low > 0 else Interval(-inf, inf)


def remember(scene: Scene, memory: Memory, drafts: list[Draft]) -> None:
    """Keeps for the next sentences what this one was about."""
    if scene.of("aside", 0, len(scene.tokens)):
        return
    measured = {draft.values.get("unit") for draft in drafts} & MEASURE_OF_UNIT.keys()
    statistical = [
        draft
        for draft in drafts
        if not draft.compared
        and not draft.rate
        and draft.values.get("unit") not in measured
        and "whole" not in draft.values
        and not (draft.values.get("flow") == "other" and draft.values.get("unit") in _COUNTS)
    ]
    if drafts and not statistical:
        return
    if statistical:
        last = statistical[0] if len(statistical) == 1 else statistical[-1]
        first = statistical[0]
        for slot in ("flow", "commodity", "mode"):
            memory.slots.pop(slot, None)
            memory.keep(slot, last.values.get(slot))
        if last.values.get("unit") in CURRENCIES:
            memory.keep("unit", last.values["unit"])
        if first.values.get("modality") == "stated":
            memory.keep("period", first.values.get("period"))
        of_port = first.origins.get("subject") == "port"
        couple = (None if of_port else first.values.get("subject"), first.values.get("partner"))
        several = (
            len({draft.values.get("subject") for draft in statistical if draft.origins.get("subject") == "own"}) > 1
        )
        if scene.of("of_which", 0, 1):
            return
        if several:
            memory.slots.pop("pair", None)
        elif couple != (None, None):
            memory.keep("pair", couple)
            memory.keep_pair(couple)
        return
    flows = scene.of("flow", 0, len(scene.tokens))
    if len({mark.means for mark in flows}) == 1:
        memory.keep("flow", flows[0].means)
    mains = [period for _, _, period in scene.periods if period.role == "main"]
    if len(mains) == 1 and flows:
        memory.keep("period", mains[0].iso)
    if scene.places:
        here = pair(scene.places, flows[0].means if flows else None)
        couple = (here.subject.place if here.subject else None, here.partner.place if here.partner else None)
        if not flows and memory.home in couple and all(place.role != "between" for place in scene.places):
            couple = (memory.home, couple[1] if couple[0] == memory.home else couple[0])
        memory.keep("pair", couple)
        memory.keep_pair(couple)
