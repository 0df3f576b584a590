"""Quantities of one sentence put together as claims, each with the slots its words give and those it leaves to what was said before."""

from __future__ import annotations

from keruen.figures.claim import Alternative, Printed
from keruen.figures.clauses import Atom
from keruen.figures.draft import Draft, Group, Memory
from keruen.figures.filling import fill, remember
from keruen.figures.lexicon import Mark
from keruen.figures.quantities import COUNTED, CURRENCIES, Quantity
from keruen.figures.roles import Scene, direction, part_of, role_of
from keruen.tables.words import said

_CHANGES = frozenset({"growth", "times", "abs", "ratio"})
_TOPICS = frozenset({"flow", "commodity", "mode", "balance", "comparative"})
RATED = COUNTED | {"tonnes", "barrels", "km"}
"""Units that a rate may be told of: flights a week, barrels a day."""


def claims_of(scene: Scene, memory: Memory) -> tuple[list[Draft], set[int]]:
    """The claims of a sentence, and the numbers without a unit that are used in them."""
    used: set[int] = set()
    drafts: list[Draft] = []
    if scene.quantities:
        earlier: Draft | None = None
        for group in groups(scene):
            for draft in _drafts(scene, group, used):
                fill(draft, scene, group, earlier, memory)
                drafts.append(draft)
                earlier = draft
    remember(scene, memory, drafts)
    kept = []
    for draft in drafts:
        if "value" in draft.values and "unit" not in draft.values:
            scene.left += [
                k for q in draft.quantities if q.unit is None for k in range(q.i, q.j) if scene.tokens[k].kind == "n"
            ]
            draft.drop_value()
        if not {"value", "growth_pct", "growth_times", "growth_abs", "share_pct", "base_value", "whole"}.isdisjoint(
            draft.values
        ):
            kept.append(draft)
    return kept, used


def groups(scene: Scene) -> list[Group]:
    """The atoms of a sentence put together: a new one begins where, after a figure, another topic is named before the next."""
    found: list[Group] = []
    waiting: Group | None = None
    aside = False
    for atom in scene.atoms:
        inside = [k for k, q in enumerate(scene.quantities) if atom.i <= q.i < atom.j]
        aside = (
            not inside and atom.opened_by not in {";", "while"} and (aside or bool(found) and _relative(scene, atom.i))
        )
        if aside:
            continue
        if not inside:
            if waiting is None:
                waiting = Group(atom.i, atom.j, [], atom.opened_by in {"while", ";"})
            else:
                waiting.j = atom.j
            continue
        start = waiting.i if waiting else atom.i
        strong = atom.opened_by in {"while", ";"} or (waiting is not None and waiting.strong)
        if found and not _opens(scene, start, atom, inside, found[-1], strong):
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


def _opens(scene: Scene, start: int, atom: Atom, inside: list[int], last: Group, strong: bool) -> bool:
    """Whether tokens from start to the end of an atom, with a quantity in them, speak of something else than the group before."""
    j = atom.j
    first = scene.quantities[inside[0]]
    roles = [role_of(scene, k, start, j) for k in inside]
    if roles[0] in {"base", "conversion"} and not strong:
        return False
    alone = not last.i and not scene.places_in(last.i, last.j) and not strong
    if alone and "level" not in roles and not any(m.kind in _TOPICS and last.i <= m.i < last.j for m in scene.marks):
        return False  # "At $2.4bn, trade with Germany was a fifth lower"
    topics = [
        mark for mark in scene.marks if start <= mark.i < j and mark.kind in _TOPICS and not first.i <= mark.i < first.j
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
    if scene.places_in(start, j):
        return True
    if [mark for mark in topics if mark.kind in {"mode", "comparative"}] and ("level" in has or strong):
        return True
    timed = [entry for entry in scene.periods if entry[2].role in {"main", "goal"}]
    if any(start <= a < j for a, _, _ in timed):
        untimed = not any(last.i <= a < last.j for a, _, _ in timed)
        # "doubled and reached 1.2 million in ten months" says one thing
        return not (untimed and atom.opened_by == "and" and not strong and has <= _CHANGES and roles[0] == "level")
    if first.unit in COUNTED | {"days", "h", "km"} and roles[0] == "level":
        return not (first.unit in {"TEU", "containers"} and has <= _CHANGES and not strong)
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
                Alternative("value", quantity.value, said("note_reading_converted", unit=str(quantity.unit)))
            )
            continue
        said_before = draft.extent()[1] if draft.quantities else group.i
        since = scene.of("since_then", said_before, quantity.i) if role in _CHANGES else []
        if since or _taken(draft, role, quantity):
            drafts += [draft] if draft.quantities else []
            draft = Draft(since_then=since[0].i if since else None)
        draft.quantities.append(quantity)
        draft.roles.append(role)
        _FIGURES[role](draft, scene, quantity, group)
        if role == "whole":
            part = part_of(scene, quantity)
            if part is not None:
                used.add(part)
    if draft.quantities:
        drafts.append(draft)
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
        other = quantity.unit is not None and values.get("unit") != quantity.unit
        return "growth_abs" in values or ("value" in values and other)
    if role == "base":
        other = quantity.unit is not None and values.get("unit") != quantity.unit
        return "base_value" in values or ("value" in values and other)
    if role == "rate" or "rate" in draft.roles:
        return True
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
        draft.values.pop("unit", None)
        draft.put("unit", f"{unit}/{rate.means}", "own", span)
        draft.rate = True
        draft.put("commodity", "speed" if unit == "km" else None, "own", span)
    draft.put("unit", unit, "own", span)
    draft.printed["value"] = quantity.printed
    if quantity.printed_max is not None:
        draft.printed["value_max"] = quantity.printed_max
    draft.readings["value"] = quantity.readings
    qualifier = scene.qualifier(quantity)
    if qualifier is not None and not (
        qualifier.means == "less_than"
        and _is_end(
            scene, qualifier, quantity, group, not {"growth_pct", "growth_times", "growth_abs"}.isdisjoint(draft.values)
        )
    ):
        draft.put("qualifier", qualifier.means, "own", (qualifier.i, qualifier.j))
    elif quantity.value_max is not None:
        draft.put("qualifier", "range", "own", span)
    for other in quantity.values[1:]:
        draft.alternatives.append(
            Alternative("value", other, said("note_reading_comma", digits=quantity.printed.digits))
        )


def _is_end(scene: Scene, qualifier: Mark, quantity: Quantity, group: Group, changed: bool) -> bool:
    """Whether "до", "to", "дейін" tells where a change or a plan ends, not an upper bound."""
    if scene.word(qualifier.i) not in {"до", "to", "дейін"}:
        return False
    return bool(
        changed
        or direction(scene, quantity, group.i, group.j)
        or scene.of("modality", group.i, group.j)
        or scene.of("multiple", group.i, group.j)
        or any(scene.word(k).startswith(("довести", "доведен", "жеткіз")) for k in range(group.i, group.j))
    )


def _rate(scene: Scene, quantity: Quantity, group: Group) -> Mark | None:
    prices = {"tonne", "container", "barrel", "km"}
    near = [
        mark
        for mark in scene.of("rate", quantity.i, quantity.j + 3)
        if (mark.means in prices) == (quantity.unit in CURRENCIES)
    ]
    if scene.lang == "kk" and quantity.unit in CURRENCIES:
        near += [mark for mark in scene.of("rate", max(group.i, quantity.i - 3), quantity.i) if mark.means in prices]
    if quantity.unit in CURRENCIES:
        return near[0] if near else None
    if quantity.unit not in RATED:
        return None
    if near or quantity.unit not in COUNTED:
        return near[0] if near else None
    anywhere = scene.of("rate", group.i, group.j) or (scene.of("rate", 0, quantity.i) if quantity.again else [])
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
        draft.alternatives.append(Alternative("growth_pct", quantity.value - 100, said("note_reading_per_cent_of")))
    for other in quantity.values[1:]:
        draft.alternatives.append(
            Alternative("growth_pct", sign * other, said("note_reading_comma", digits=quantity.printed.digits))
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
    draft.alternatives.append(Alternative("growth_pct", quantity.value, said("note_reading_change")))


def _times(draft: Draft, scene: Scene, quantity: Quantity, group: Group) -> None:
    down = _sign(scene, quantity, group) < 0
    ends = sorted(
        1 / value if down and value > 1 else value
        for value in (quantity.value, quantity.value_max)
        if value is not None
    )
    span = (quantity.i, quantity.j)
    draft.put("growth_times", ends[0], "own", span)
    draft.put("growth_times_max", ends[1] if len(ends) > 1 else None, "own", span)
    draft.printed["growth_times"] = quantity.printed
    _growth_qualifier(draft, scene, quantity)
    if scene.lang == "en" and any(scene.word(k) in {"more", "higher"} for k in range(quantity.j, quantity.j + 2)):
        draft.alternatives.append(Alternative("growth_times", quantity.value + 1, said("note_reading_on_top")))


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
    draft.readings["base_value"] = quantity.readings


def _share(draft: Draft, scene: Scene, quantity: Quantity, group: Group) -> None:
    draft.put("share_pct", quantity.value, "own", (quantity.i, quantity.j))
    draft.printed["share_pct"] = quantity.printed
    after = [mark for mark in scene.of("flow", quantity.j, min(group.j, quantity.j + 8))]
    before = [mark for mark in scene.of("flow", group.i, quantity.i)]
    if (after or before) and not scene.of("of_which", group.i, quantity.i):
        mark = after[0] if after else before[-1]
        draft.put("share_of", mark.means, "own", (mark.i, mark.j))
    qualifier = scene.qualifier(quantity)
    if qualifier is not None and not (
        qualifier.means == "less_than" and _is_end(scene, qualifier, quantity, group, False)
    ):
        draft.put("qualifier", qualifier.means, "own", (qualifier.i, qualifier.j))


def _duty(draft: Draft, scene: Scene, quantity: Quantity, group: Group) -> None:
    draft.put("flow", "other", "own")
    draft.put("share_pct", quantity.value, "own", (quantity.i, quantity.j))
    draft.printed["share_pct"] = quantity.printed
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
    "rate": _duty,
    "whole": _whole,
    "compared": _compared,
    "conversion": _level,
}
