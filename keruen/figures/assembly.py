"""Quantities of one sentence put together as claims, with the slots its words give and those it leaves to what was said before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from keruen.figures.claim import Alternative, Printed
from keruen.figures.entities import Mention, Pair, pair
from keruen.figures.lexicon import Mark
from keruen.figures.periods import Period, a_year_earlier, iso_of
from keruen.figures.quantities import COUNTED, CURRENCIES, Quantity
from keruen.figures.roles import Scene, direction, part_of, role_of

MODE_OF_UNIT = {
    "flights": "air",
    "trains": "rail",
    "wagons": "rail",
    "trucks": "road",
    "vessels": "sea",
    "voyages": "sea",
}
MEASURE_OF_UNIT = {"days": "time", "h": "time", "km": "distance"}
FLOW_OF_UNIT = {"TEU": "freight", "containers": "freight", "tkm": "freight", "tonnes": "freight", "barrels": "freight"}
RATED = COUNTED | {"tonnes", "barrels", "containers"}
NEAR = 4
"""Tokens within which one word says more of another."""


@dataclass
class Draft:
    """A claim in the making. Spans are token ranges of its sentence; `extent` is that of its quantities."""

    quantities: list[Quantity] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    printed: dict[str, Printed] = field(default_factory=dict)
    alternatives: list[Alternative] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    readings: dict[str, tuple[float, ...]] = field(default_factory=dict)
    compared: bool = False
    rate: bool = False

    def put(self, slot: str, value: object, origin: str, span: tuple[int, int] | None = None) -> None:
        """Fills a slot if it is empty and there is something to fill it with."""
        if value is None or slot in self.values:
            return
        self.values[slot] = value
        self.origins[slot] = origin
        if span is not None and span[0] < span[1]:
            self.spans[slot] = span

    def extent(self) -> tuple[int, int]:
        """The tokens from its first quantity to its last."""
        return min(q.i for q in self.quantities), max(q.j for q in self.quantities)


@dataclass
class Memory:
    """What was said before: the slots of the last claims or topics, with the sentence they are from."""

    published: date | None
    sentence: int = 0
    paragraph: int = 0
    headline: bool = False
    slots: dict[str, tuple[object, int]] = field(default_factory=dict)
    heading: dict[str, object] = field(default_factory=dict)
    pairs: list[tuple[str | None, str | None]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def open_sentence(self, number: int, paragraph: int, headline: bool) -> None:
        """A new sentence begins."""
        self.sentence, self.paragraph, self.headline = number, paragraph, headline

    def keep(self, slot: str, value: object) -> None:
        """Remembers a slot for the sentences that follow."""
        if value is None:
            return
        self.slots[slot] = (value, self.sentence)
        if self.headline:
            self.heading.setdefault(slot, value)

    def recall(self, slot: str, reach: int = 2) -> tuple[object, str] | None:
        """A slot of one of the last sentences, else of the headline, with its origin."""
        value = self.slots.get(slot)
        if value is not None and self.sentence - value[1] <= reach:
            return value[0], "previous sentence" if self.sentence > value[1] else "left clause"
        return (self.heading[slot], "headline") if slot in self.heading else None

    @property
    def home(self) -> str | None:
        """The country named most often so far."""
        return max(self.counts, key=lambda place: self.counts[place]) if self.counts else None


@dataclass
class Group:
    """Atoms that speak of one thing: tokens i to j."""

    i: int
    j: int
    quantities: list[int]
    strong: bool = False


def claims_of(scene: Scene, memory: Memory) -> tuple[list[Draft], set[int]]:
    """The claims of a sentence, and the numbers without a unit that are used in them."""
    for place in scene.places:
        memory.counts[place.place] = memory.counts.get(place.place, 0) + 1
    used: set[int] = set()
    drafts: list[Draft] = []
    if scene.quantities:
        earlier: Draft | None = None
        for group in groups(scene):
            for draft in _drafts(scene, group, used):
                _fill(draft, scene, group, earlier, memory)
                drafts.append(draft)
                earlier = draft
    _remember(scene, memory, drafts)
    return [
        draft
        for draft in drafts
        if draft.values.get("unit")
        or "growth_pct" in draft.values
        or "growth_times" in draft.values
        or "share_pct" in draft.values
    ], used


def groups(scene: Scene) -> list[Group]:
    """The atoms of a sentence put together: a new one begins where, after a figure, another topic is named before the next."""
    found: list[Group] = []
    waiting: Group | None = None
    for atom in scene.atoms:
        inside = [k for k, q in enumerate(scene.quantities) if atom.i <= q.i < atom.j]
        if not inside:
            if _relative(scene, atom.i) and found:
                continue
            if waiting is None:
                waiting = Group(atom.i, atom.j, [], atom.opened_by in {"while", ";"})
            else:
                waiting.j = atom.j
            continue
        start = waiting.i if waiting else atom.i
        strong = atom.opened_by in {"while", ";"} or (waiting is not None and waiting.strong)
        if found and not _opens(scene, start, atom.i, atom.j, inside, found[-1], strong):
            found[-1].j = atom.j
            found[-1].quantities += inside
        else:
            found.append(Group(start, atom.j, inside, strong))
        waiting = None
    if waiting is not None and found:
        found[-1].j = waiting.j
    return found


def _relative(scene: Scene, i: int) -> bool:
    """Whether an atom is a clause of its own that says more of a noun: "которые экспортируются в ..."."""
    return scene.word(i).startswith(
        ("котор", "which", "who", "сообщ", "передает", "отмет", "заявил", "что", "said", "deңді", "деп")
    )


def _opens(scene: Scene, start: int, i: int, j: int, inside: list[int], last: Group, strong: bool) -> bool:
    """Whether tokens start to j, with a quantity in them, speak of something else than the group before."""
    first = scene.quantities[inside[0]]
    roles = [role_of(scene, k, start, j) for k in inside]
    if roles[0] in {"base", "conversion"} and not strong:
        return False
    topics = [
        mark
        for mark in scene.marks
        if start <= mark.i < j
        and mark.kind in {"flow", "commodity", "mode", "balance", "comparative"}
        and not first.i <= mark.i < first.j
    ]
    has = {q_role for q_role in (role_of(scene, k, last.i, last.j) for k in last.quantities)}
    if scene.of("of_which", start, j):
        return True
    own_flow = [mark for mark in topics if mark.kind in {"flow", "commodity", "balance"}]
    if own_flow and not (
        roles[0] in {"growth", "times", "abs"}
        and scene.of("against", start, j)
        and not [m for m in own_flow if m.i < first.i]
    ):
        return True
    if [place for place in scene.places if start <= place.i < j]:
        return True
    if [mark for mark in topics if mark.kind in {"mode", "comparative"}] and ("level" in has or strong):
        return True
    if any(p.role in {"main", "goal"} and start <= a < j for a, _, p in scene.periods):
        return True
    if first.unit in COUNTED | {"days", "h", "km"} and roles[0] == "level":
        return True
    return strong and "level" in has and "level" in roles


def _drafts(scene: Scene, group: Group, used: set[int]) -> list[Draft]:
    """The claims of a group with their figures only."""
    drafts: list[Draft] = []
    draft = Draft()
    for k in group.quantities:
        quantity = scene.quantities[k]
        role = role_of(scene, k, group.i, group.j)
        if role == "conversion" and draft.quantities:
            draft.quantities.append(quantity)
            draft.alternatives.append(
                Alternative("value", quantity.value, f"the same in {quantity.unit}, as the text converts it")
            )
            continue
        if _taken(draft, role, quantity):
            drafts.append(draft)
            draft = Draft()
        draft.quantities.append(quantity)
        draft.roles.append(role)
        _FIGURES[role](draft, scene, quantity, group)
        if role == "whole":
            part = part_of(scene, quantity)
            if part is not None:
                used.add(part)
    if draft.quantities:
        drafts.append(draft)
    return _merged(drafts)


def _merged(drafts: list[Draft]) -> list[Draft]:
    """A base that was told before its level belongs to it."""
    return drafts


def _taken(draft: Draft, role: str, quantity: Quantity) -> bool:
    """Whether a claim has no room for another quantity of this role."""
    values = draft.values
    if not draft.quantities:
        return False
    if role in {"level", "whole", "compared"}:
        unit = values.get("unit")
        return (
            "value" in values
            or (unit is not None and unit != quantity.unit and "base_value" in values)
            or role != "level"
            or "share_pct" in values
        )
    if role in {"growth", "ratio"}:
        return "growth_pct" in values or "share_pct" in values and "value" not in values
    if role == "times":
        return "growth_times" in values
    if role == "abs":
        return "growth_abs" in values or ("value" in values and values.get("unit") != quantity.unit)
    if role == "base":
        return "base_value" in values or ("value" in values and values.get("unit") != quantity.unit)
    if role == "share":
        return "share_pct" in values or "growth_pct" in values and "value" not in values
    return False


def _level(draft: Draft, scene: Scene, quantity: Quantity, group: Group) -> None:
    span = (quantity.i, quantity.j)
    draft.put("value", quantity.value, "own", span)
    draft.put("value_max", quantity.value_max, "own", span)
    unit = quantity.unit
    rate = _rate(scene, quantity, group)
    if rate is not None and unit is not None:
        draft.put("unit", f"{unit}/{rate.means}", "own", span)
        draft.rate = True
    draft.put("unit", unit, "own", span)
    draft.printed["value"] = quantity.printed
    if quantity.printed_max is not None:
        draft.printed["value_max"] = quantity.printed_max
    draft.readings["value"] = quantity.values
    qualifier = scene.qualifier(quantity)
    if qualifier is not None and not (qualifier.means == "less_than" and _is_end(scene, qualifier, quantity, group)):
        draft.put("qualifier", qualifier.means, "own", (qualifier.i, qualifier.j))
    elif quantity.value_max is not None:
        draft.put("qualifier", "range", "own", span)
    for other in quantity.values[1:]:
        draft.alternatives.append(
            Alternative("value", other, f"{quantity.printed.digits} with the other meaning of its comma or point")
        )


def _is_end(scene: Scene, qualifier: Mark, quantity: Quantity, group: Group) -> bool:
    """Whether "до", "to", "дейін" tells where a change or a plan ends, not an upper bound."""
    if scene.word(qualifier.i) not in {"до", "to", "дейін"}:
        return False
    return bool(
        direction(scene, quantity, group.i, group.j)
        or scene.of("modality", group.i, group.j)
        or scene.of("multiple", group.i, group.j)
        or any(scene.word(k).startswith(("довести", "доведен", "жеткіз")) for k in range(group.i, group.j))
    )


def _rate(scene: Scene, quantity: Quantity, group: Group) -> Mark | None:
    if quantity.unit not in RATED:
        return None
    near = scene.of("rate", quantity.j, quantity.j + 3)
    if near or quantity.unit not in COUNTED:
        return near[0] if near else None
    anywhere = scene.of("rate", group.i, group.j)
    return anywhere[0] if anywhere and quantity.unit != "count" else None


def _sign(scene: Scene, quantity: Quantity, group: Group) -> float:
    if quantity.sign:
        return float(quantity.sign)
    bracket = scene.bracket(quantity.i)
    change = direction(scene, quantity, *bracket) if bracket else None
    change = change or direction(scene, quantity, group.i, group.j)
    return change.number if change is not None and change.number else 1.0


def _growth(draft: Draft, scene: Scene, quantity: Quantity, group: Group) -> None:
    sign = _sign(scene, quantity, group)
    span = (quantity.i, quantity.j)
    ends = [sign * quantity.value] + ([sign * quantity.value_max] if quantity.value_max is not None else [])
    draft.put("growth_pct", min(ends, key=abs), "own", span)
    draft.put("growth_pct_max", max(ends, key=abs) if len(ends) > 1 else None, "own", span)
    draft.printed["growth_pct"] = quantity.printed
    _growth_qualifier(draft, scene, quantity)
    if quantity.value >= 100 and sign > 0 and _is_more(scene, quantity):
        draft.alternatives.append(
            Alternative("growth_pct", quantity.value - 100, "per cent of it, not per cent more, may be meant")
        )
    for other in quantity.values[1:]:
        draft.alternatives.append(
            Alternative(
                "growth_pct", sign * other, f"{quantity.printed.digits} with the other meaning of its comma or point"
            )
        )


def _is_more(scene: Scene, quantity: Quantity) -> bool:
    return any(
        scene.word(k) in {"more", "больше", "higher", "выше", "көп", "артық"} for k in range(quantity.j, quantity.j + 2)
    )


def _growth_qualifier(draft: Draft, scene: Scene, quantity: Quantity) -> None:
    qualifier = scene.qualifier(quantity)
    if qualifier is not None:
        draft.put("growth_qualifier", qualifier.means, "own", (qualifier.i, qualifier.j))
    elif quantity.value_max is not None:
        draft.put("growth_qualifier", "range", "own", (quantity.i, quantity.j))


def _ratio(draft: Draft, scene: Scene, quantity: Quantity, group: Group) -> None:
    span = (quantity.i, quantity.j)
    draft.put("growth_pct", round(quantity.value - 100, 9), "own", span)
    draft.printed["growth_pct"] = quantity.printed
    draft.alternatives.append(
        Alternative("growth_pct", quantity.value, "read as a change, not as a ratio to the earlier level")
    )


def _times(draft: Draft, scene: Scene, quantity: Quantity, group: Group) -> None:
    down = _sign(scene, quantity, group) < 0
    ends = sorted(
        1 / value if down and value else value for value in (quantity.value, quantity.value_max) if value is not None
    )
    span = (quantity.i, quantity.j)
    draft.put("growth_times", ends[0], "own", span)
    draft.put("growth_times_max", ends[1] if len(ends) > 1 else None, "own", span)
    draft.printed["growth_times"] = quantity.printed
    _growth_qualifier(draft, scene, quantity)
    if scene.lang == "en" and any(scene.word(k) in {"more", "higher"} for k in range(quantity.j, quantity.j + 2)):
        draft.alternatives.append(
            Alternative("growth_times", quantity.value + 1, "times more may be meant as that much on top")
        )


def _abs(draft: Draft, scene: Scene, quantity: Quantity, group: Group) -> None:
    sign = _sign(scene, quantity, group)
    span = (quantity.i, quantity.j)
    draft.put("growth_abs", sign * quantity.value, "own", span)
    draft.put("unit", quantity.unit, "own", span)
    draft.printed["growth_abs"] = quantity.printed
    _growth_qualifier(draft, scene, quantity)


def _base(draft: Draft, scene: Scene, quantity: Quantity, group: Group) -> None:
    span = (quantity.i, quantity.j)
    draft.put("base_value", quantity.value, "own", span)
    draft.put("unit", quantity.unit, "own", span)
    draft.printed["base_value"] = quantity.printed
    draft.readings["base_value"] = quantity.values


def _share(draft: Draft, scene: Scene, quantity: Quantity, group: Group) -> None:
    draft.put("share_pct", quantity.value, "own", (quantity.i, quantity.j))
    draft.printed["share_pct"] = quantity.printed
    after = [mark for mark in scene.of("flow", quantity.j, min(group.j, quantity.j + 8))]
    before = [mark for mark in scene.of("flow", group.i, quantity.i)]
    if after or before:
        mark = after[0] if after else before[-1]
        draft.put("share_of", mark.means, "own", (mark.i, mark.j))
    qualifier = scene.qualifier(quantity)
    if qualifier is not None:
        draft.put("qualifier", qualifier.means, "own", (qualifier.i, qualifier.j))


def _whole(draft: Draft, scene: Scene, quantity: Quantity, group: Group) -> None:
    draft.put("whole", quantity.value, "own", (quantity.i, quantity.j))
    draft.put("unit", "count", "own", (quantity.i, quantity.j))
    part = part_of(scene, quantity)
    if part is not None:
        text = scene.word(part)
        draft.put(
            "value",
            float(text.replace(" ", "").replace(",", "."))
            if text.replace(" ", "").replace(",", "", 1).isdigit()
            else None,
            "own",
            (part, part + 1),
        )
        draft.printed["value"] = Printed(text, 0, 1.0)
        draft.quantities.append(Quantity(part, part + 1, (0.0,), (), None, draft.printed["value"]))


def _compared(draft: Draft, scene: Scene, quantity: Quantity, group: Group) -> None:
    _level(draft, scene, quantity, group)
    draft.compared = True
    near = scene.of("comparative", max(group.i, quantity.i - 3), min(group.j, quantity.j + 4))
    if near:
        draft.put("commodity", near[0].means, "own", (near[0].i, near[0].j))
        later = scene.of("mode", near[0].j, len(scene.tokens)) or (
            scene.of("mode", group.i, quantity.i) if scene.lang == "kk" else []
        )
        if later:
            draft.put("against", later[0].means, "own", (later[0].i, later[0].j))


_FIGURES = {
    "level": _level,
    "growth": _growth,
    "ratio": _ratio,
    "times": _times,
    "abs": _abs,
    "base": _base,
    "share": _share,
    "whole": _whole,
    "compared": _compared,
    "conversion": _level,
}


def _nearest(marks: Iterable[Mark], at: int, until: int) -> Mark | None:
    """The last mark before a quantity, else the first after it."""
    listed = sorted(marks, key=lambda mark: mark.i)
    before = [mark for mark in listed if mark.i < at]
    return before[-1] if before else next((mark for mark in listed if mark.i >= until), None)


def _fill(draft: Draft, scene: Scene, group: Group, earlier: Draft | None, memory: Memory) -> None:
    """Fills the slots of a claim around its figures."""
    at, until = draft.extent()
    low, high = group.i, group.j
    _flow(draft, scene, group, earlier, memory, at, until)
    flow = draft.values.get("flow")
    if not draft.compared:
        commodity = _nearest(scene.of("commodity", low, high), at, until)
        if commodity is not None:
            draft.put("commodity", commodity.means, "own", (commodity.i, commodity.j))
        mode = _nearest(scene.of("mode", low, high), at, until)
        if mode is not None:
            draft.put("mode", mode.means, "own", (mode.i, mode.j))
    unit = str(draft.values.get("unit") or "").split("/")[0]
    draft.put("mode", MODE_OF_UNIT.get(unit), "own")
    draft.put("commodity", MEASURE_OF_UNIT.get(unit), "own")
    _places(draft, scene, group, earlier, memory, flow)
    _periods(draft, scene, group, earlier, memory)
    same_topic = earlier is not None and draft.origins.get("flow") != "own"
    if same_topic and earlier is not None and not draft.compared and not draft.rate:
        for slot in ("commodity", "mode"):
            if slot not in draft.values and slot in earlier.values and not earlier.compared and not earlier.rate:
                draft.put(slot, earlier.values[slot], "left clause")
    elif draft.origins.get("flow") == "previous sentence":
        for slot in ("commodity", "mode"):
            if (found := memory.recall(slot, 1)) is not None and found[1] == "previous sentence":
                draft.put(slot, *found)
    _saying(draft, scene, group, memory)
    _close(draft)


def _flow(draft: Draft, scene: Scene, group: Group, earlier: Draft | None, memory: Memory, at: int, until: int) -> None:
    unit = str(draft.values.get("unit") or "").split("/")[0]
    if draft.compared or unit in MEASURE_OF_UNIT:
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
        if found.kind == "balance":
            draft.put("flow", "other", "own", (found.i, found.j))
            draft.put("commodity", "trade_balance", "own", (found.i, found.j))
        else:
            draft.put("flow", found.means, "own", (found.i, found.j))
        return
    if "whole" in draft.values or unit in MODE_OF_UNIT or unit == "count":
        draft.put("flow", "other", "own")
        return
    if earlier is not None and not earlier.compared and not earlier.rate:
        draft.put("flow", earlier.values.get("flow"), "left clause")
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
    here = pair(places, flow)
    if here.subject is not None and here.partner is None and _is_aside(here.subject, scene, memory):
        here = Pair(None, None)
    if here.subject is not None:
        draft.put("subject", here.subject.place, "own", (here.subject.i, here.subject.j))
    if here.partner is not None:
        draft.put("partner", here.partner.place, "own", (here.partner.i, here.partner.j))
    if (
        "partner" not in draft.values
        and flow in {"turnover", "export", "import"}
        and (worlds := scene.of("world", group.i, group.j))
    ):
        draft.put("partner", "WLD", "own", (worlds[0].i, worlds[0].j))
    if "subject" in draft.values and "partner" in draft.values:
        return
    if scene.of("pair", group.i, group.j) and memory.pairs:
        whole = next((p for p in reversed(memory.pairs) if None not in p), None)
        if whole is not None:
            draft.put("subject", whole[0], "earlier")
            draft.put("partner", whole[1], "earlier")
            return
    if "subject" in draft.values:
        if (
            earlier is not None
            and earlier.values.get("subject") == draft.values["subject"]
            and flow in {"export", "import", "turnover"}
        ):
            draft.put("partner", earlier.values.get("partner"), "left clause")
        return
    if "partner" in draft.values:
        _subject_beside(draft, earlier, memory, scene)
        return
    if homes := scene.of("home", group.i, group.j):
        if memory.home is not None:
            draft.put("subject", memory.home, "earlier", (homes[0].i, homes[0].j))
            return
    if earlier is not None and not (draft.compared and not earlier.compared):
        draft.put("subject", earlier.values.get("subject"), "left clause")
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


def _is_aside(mention: Mention, scene: Scene, memory: Memory) -> bool:
    return False


def _subject_beside(draft: Draft, earlier: Draft | None, memory: Memory, scene: Scene) -> None:
    """The reporter of a clause that names its partner only."""
    partner = draft.values["partner"]
    candidates: list[tuple[object, str]] = []
    if earlier is not None:
        candidates.append((earlier.values.get("subject"), "left clause"))
    if (found := memory.recall("pair")) is not None and isinstance(found[0], tuple):
        candidates += [(found[0][0], found[1]), (found[0][1], found[1])]
    candidates.append((memory.home, "earlier"))
    for value, origin in candidates:
        if value is not None and value != partner and value != "WLD":
            draft.put("subject", value, origin)
            return


def _periods(draft: Draft, scene: Scene, group: Group, earlier: Draft | None, memory: Memory) -> None:
    at, until = draft.extent()
    own = [(i, j, period) for i, j, period in scene.periods if group.i <= i < group.j]
    main = [entry for entry in own if entry[2].role in {"main", "goal"}]
    changes = any(slot in draft.values for slot in ("growth_pct", "growth_times", "growth_abs", "base_value"))
    if main:
        before = [entry for entry in main if entry[0] < at]
        i, j, period = before[-1] if before else main[0]
        draft.put("period", period.iso, "own", (i, j))
    based = [entry for entry in own if entry[2].role in {"base", "same", "since"}]
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
            part = period.part
            if (
                part is None
                and isinstance(iso, str)
                and "-" in iso
                and "XXXX" not in iso
                and period.year is not None
                and not _whole_year(scene, i, j)
            ):
                draft.put("base_period", iso.replace(iso[:4], f"{period.year:04d}"), "own", span)
            draft.put("base_period", iso_of(period.year, part, period.until), "own", span)
    if (
        "base_period" not in draft.values
        and earlier is not None
        and earlier.origins.get("base_period") in {"own", "left clause"}
    ):
        if earlier.values.get("period") == iso:
            draft.put("base_period", earlier.values["base_period"], "left clause")
    if isinstance(iso, str) and "value" not in draft.values and draft.origins.get("period") != "own" and False:
        return
    goal = any(entry[2].role == "goal" for entry in own)
    if isinstance(iso, str) and not goal:
        draft.put("base_period", a_year_earlier(iso), "default")


def _whole_year(scene: Scene, i: int, j: int) -> bool:
    """Whether a year stands for itself: "к 2022 году", "with 2022"; "с 2022 годом" after months is read so too."""
    return True


def _same(iso: object, period: Period) -> str | None:
    """The period that "the same period" names: the months of the main one, in the year told or the year before."""
    if not isinstance(iso, str):
        return iso_of(period.year, period.part) if period.year is not None else None
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
    draft.put("perspective", scene.perspective, "own")
    editions = scene.of("edition", 0, len(scene.tokens))
    if editions:
        draft.put("edition", editions[0].means, "own", (editions[0].i, editions[0].j))
    if draft.values["modality"] != "stated" and draft.origins.get("base_period") == "default":
        del draft.values["base_period"], draft.origins["base_period"]


def _close(draft: Draft) -> None:
    """Takes the reading of an ambiguous number that closes with its growth and base, if exactly one does."""
    values, bases = draft.readings.get("value", ()), draft.readings.get("base_value", ())
    growth = draft.values.get("growth_pct")
    times = draft.values.get("growth_times")
    if not values or not bases or (len(values) < 2 and len(bases) < 2) or growth is None and times is None:
        return
    factor = 1 + growth / 100 if growth is not None else times
    closing = [(v, b) for v in values for b in bases if b and abs(v / b - factor) <= 0.02 * factor]
    if len(closing) == 1 and closing[0] != (values[0], bases[0]):
        value, base = closing[0]
        for slot, taken in (("value", value), ("base_value", base)):
            if taken != draft.values[slot]:
                draft.alternatives = [a for a in draft.alternatives if a.slot != slot or a.value != taken]
                draft.alternatives.append(
                    Alternative(slot, draft.values[slot], "does not close with the growth that is told")
                )
                draft.values[slot] = taken
                printed = draft.printed[slot]
                draft.printed[slot] = (
                    Printed(printed.digits, 0, printed.scale) if taken > draft.alternatives[-1].value else printed
                )


def _remember(scene: Scene, memory: Memory, drafts: list[Draft]) -> None:
    """Keeps for the next sentences what this one was about."""
    statistical = [draft for draft in drafts if not draft.compared and not draft.rate]
    if statistical:
        last = statistical[0] if len(statistical) == 1 else statistical[-1]
        first = statistical[0]
        for slot in ("flow", "commodity", "mode"):
            memory.slots.pop(slot, None)
            memory.keep(slot, last.values.get(slot))
        memory.keep("period", first.values.get("period"))
        couple = (first.values.get("subject"), first.values.get("partner"))
        if couple != (None, None):
            memory.keep("pair", couple)
            if all(couple):
                memory.pairs.append(couple)
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
        memory.keep("pair", couple)
        if None not in couple:
            memory.pairs.append(couple)
