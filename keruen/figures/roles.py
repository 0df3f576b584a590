"""What each quantity of a sentence does in its claim: level, growth, base, share, whole - by case, preposition, verb and bracket.

вырос на 85%          growth            вырос до $979 млн        level
против 6,5 млн т      base              ($528,3 млн) after the year compared with   base
(+44,1%)              growth            составил 92,6% к ...     ratio (-7.4 %)
85%-ға артты          growth            97,8 млн тоннаға дейін   level
£5.4m ($7m)           conversion        из 30 видов              whole
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from keruen.figures.clauses import Atom, brackets
from keruen.figures.entities import Mention
from keruen.figures.lexicon import Mark, Token
from keruen.figures.periods import Period
from keruen.figures.quantities import CURRENCIES, PRESENT, Quantity

ROLES = ("level", "growth", "times", "abs", "base", "share", "rate", "ratio", "conversion", "whole", "compared")
_STEPS_OVER = frozenset(
    {"в", "на", "до", "с", "к", "by", "to", "of", "from", "at", "a", "the", "чем", "than", "(", "как", "-", "is"}
)


_GOVERNING = frozenset({"на", "by", "до", "to", "с", "from"})
"""Small words that tell what a number is for: by, to, from."""
_AFTER_FROM = frozenset(
    [
        "the",
        "current",
        "present",
        "about",
        "nearly",
        "almost",
        "roughly",
        "some",
        "last",
        "year",
        "previous",
        "more",
        "than",
        "over",
        "just",
        "around",
    ]
)
_KK_NEEDS = {
    "more_than": frozenset({"abl"}),
    "almost": frozenset({"dat"}),
    "less_than": frozenset({"dat", "abl"}),
    "approx": frozenset({"", "acc", "loc", "gen"}),
}
"""Cases in which a Kazakh quantity must stand for what follows it to qualify it."""


@dataclass
class Scene:
    """One sentence, read but not yet put together. Token ranges are those of `tokens`."""

    tokens: Sequence[Token]
    lang: str
    text: str
    marks: list[Mark]
    periods: list[tuple[int, int, Period]]
    quantities: list[Quantity]
    left: list[int]
    atoms: list[Atom]
    places: list[Mention]
    speakers: list[Mention] = field(default_factory=list)
    officials: list[Mention] = field(default_factory=list)
    brackets: list[tuple[int, int]] = field(default_factory=list)
    _by_kind: dict[str, list[Mark]] = field(default_factory=dict)
    _qualifiers: dict[tuple[int, int], Mark | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.brackets = brackets(self.tokens)
        for mark in self.marks:
            self._by_kind.setdefault(mark.kind, []).append(mark)

    def word(self, i: int) -> str:
        """The text of a token, empty outside the sentence."""
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def of(self, kind: str, i: int, j: int) -> list[Mark]:
        """The marks of a kind that begin in tokens i to j."""
        found = self._by_kind.get(kind)
        return [mark for mark in found if i <= mark.i < j] if found else []

    def places_in(self, i: int, j: int) -> list[Mention]:
        """The places named in tokens i to j."""
        return [place for place in self.places if i <= place.i < j]

    def bracket(self, i: int) -> tuple[int, int] | None:
        """The bracket a token stands in."""
        return next((pair for pair in self.brackets if pair[0] <= i < pair[1]), None)

    def qualifier(self, quantity: Quantity) -> Mark | None:
        """The qualifier of a quantity: before it over small words, in Kazakh after it."""
        place = (quantity.i, quantity.j)
        if place not in self._qualifiers:
            self._qualifiers[place] = self._qualifier(quantity)
        return self._qualifiers[place]

    def _qualifier(self, quantity: Quantity) -> Mark | None:
        k = quantity.i - 1
        if self.word(k) in {"+", "-"}:
            k -= 1
        before = self._by_kind.get("qualifier_before", ())
        for _ in range(4):
            ending = next((mark for mark in before if mark.j == k + 1), None)
            if ending is not None:
                return ending
            if self.word(k) not in _STEPS_OVER or self.word(k) == "(":
                break
            k -= 1
        for mark in self.of("qualifier_after", quantity.i, quantity.j + 2):
            needed = _KK_NEEDS.get(mark.means, frozenset())
            if self.lang != "kk" or quantity.case in needed or self.word(mark.i) in {"кем"}:
                return mark
        return None

    def before(self, quantity: Quantity) -> int:
        """The token before a quantity and its qualifier."""
        k = quantity.i - 1
        if self.word(k) in {"+", "-"} and quantity.sign:
            k -= 1
        qualifier = self.qualifier(quantity)
        if qualifier is not None and qualifier.kind == "qualifier_before" and qualifier.j <= quantity.i:
            apart = quantity.i - qualifier.j
            plain = all(self.word(x) in _STEPS_OVER for x in range(qualifier.j, quantity.i))
            if plain and (self.word(quantity.i - 1) not in _GOVERNING or not apart and self.word(qualifier.i) != "до"):
                k = qualifier.i - 1
            elif self.word(quantity.i - 1) in _GOVERNING:
                k = quantity.i - 1
        return k


def direction(scene: Scene, quantity: Quantity, i: int, j: int) -> Mark | None:
    """The word of change that governs a quantity: in tokens i to j, the nearest, in Kazakh rather after it."""
    found = [mark for mark in scene.of("change", i, j) if not quantity.i <= mark.i < quantity.j]
    qualifier = scene.qualifier(quantity)
    if qualifier is not None:
        found = [mark for mark in found if not (qualifier.i <= mark.i < qualifier.j)]
    found = [
        mark
        for mark in found
        if not (mark.means == "up" and scene.word(mark.i) in {"up", "жоғары"} and scene.word(mark.j) == "to")
    ]
    if not found:
        return None

    def distance(mark: Mark) -> int:
        if mark.i < quantity.i:
            return (quantity.i - mark.j) * (3 if scene.lang == "kk" else 1)
        return (mark.i - quantity.j) * (1 if scene.lang == "kk" else 2)

    return min(found, key=distance)


def role_of(scene: Scene, index: int, i: int, j: int) -> str:
    """The role of a quantity in the group of tokens i to j that it stands in."""
    quantity = scene.quantities[index]
    bracket = scene.bracket(quantity.i)
    if quantity.unit == "times":
        near = scene.of("comparative", quantity.i, min(quantity.j + 4, j)) or scene.of(
            "comparative", max(i, quantity.i - 3), quantity.i
        )
        return "compared" if near else "times"
    if quantity.unit in {"%", "pp"}:
        role = _role_of_percent(scene, quantity, i, j, bracket)
        return "abs" if quantity.unit == "pp" and role == "growth" else role
    return _role_of_amount(scene, index, quantity, i, j, bracket)


def _role_of_percent(scene: Scene, quantity: Quantity, i: int, j: int, bracket: tuple[int, int] | None) -> str:
    if quantity.sign:
        return "growth"
    k = scene.before(quantity)
    word = scene.word(k)
    if bracket is not None:
        inside = bracket
        if scene.of("share", *inside):
            return "share"
        if scene.of("change", *inside):
            return "growth"
        return "share" if not quantity.in_word else "growth"
    if quantity.in_word and scene.of("share_word", quantity.i, quantity.i + 1):
        return "share"
    if _is_rate(scene, quantity, i):
        return "rate"
    if quantity.in_word and scene.of("share", i, j):
        return "share"
    change = direction(scene, quantity, i, j)
    index = scene.quantities.index(quantity)
    following = scene.quantities[index + 1] if index + 1 < len(scene.quantities) else None
    rises = (
        following is not None
        and following.unit == quantity.unit
        and scene.word(scene.before(following)) in {"до", "to"}
    )
    if word in {"с", "со", "from"} and rises:
        return "base"
    if word in {"до", "to"} and (
        change is not None or index and scene.word(scene.before(scene.quantities[index - 1])) in {"с", "from"}
    ):
        return "share" if scene.of("share", i, j) else "level"
    earlier = scene.quantities[index - 1] if index else None
    if (
        word in {"с", "со", "from"}
        and earlier is not None
        and earlier.unit == quantity.unit
        and scene.word(scene.before(earlier)) in {"до", "to"}
        and i <= earlier.i
    ):
        return "base"  # slipped to 43% from 45%
    told = [mark for mark in scene.of("against", max(i, k - 2), k + 1) if mark.means == "against" and mark.j >= k]
    if told and earlier is not None and i <= earlier.i and earlier.unit == quantity.unit and scene.lang != "kk":
        return "base"  # 11.7% of imports, against 7.4% the year before
    if change is None and scene.of("of_which", i, quantity.i):
        return "share"
    by = word in {"на", "by"} or (scene.lang == "kk" and quantity.case in {"dat"} and change is not None)
    if by:
        return "growth"
    if scene.lang == "en" and change is not None and change.i == quantity.j:
        return "growth"  # 146 percent more, 12% lower
    near = [mark for mark in scene.of("ratio", quantity.j, min(j, quantity.j + 4))]
    if scene.lang == "kk":
        near += scene.of("ratio", max(i, quantity.i - 3), quantity.i)
    level_verb = scene.of("level", i, quantity.i) or (scene.lang == "kk" and scene.of("level", quantity.j, j))
    if near and not (change is not None and change.i < quantity.i and not level_verb):
        return "ratio"
    shares = scene.of("share", i, j)
    if shares and (change is None or min(abs(mark.i - quantity.i) for mark in shares) < abs(change.i - quantity.i)):
        return "share"
    flow_after = [
        mark for mark in scene.marks if mark.kind in {"flow", "of_which"} and quantity.j <= mark.i <= quantity.j + 3
    ]
    if change is None and (flow_after or scene.word(quantity.j) == "of"):
        return "share"
    if flow_after and scene.word(quantity.j) == "of":
        return "share"
    if change is not None:
        return "growth"
    owned = scene.lang == "kk" and any(
        scene.word(x).endswith(("ның", "нің", "дың", "дің", "тың", "тің"))
        for x in range(max(i, quantity.i - 2), quantity.i)
    )
    if owned and change is None:
        return "share"  # импортының 80 пайызы
    if scene.of("against", i, j) and not level_verb:
        return "growth"
    return "share" if shares else "level"


def _is_rate(scene: Scene, quantity: Quantity, i: int) -> bool:
    """Whether a per cent is what a duty amounts to: "tariffs of up to 25%", "пошлина в размере 5%"."""
    nouns = scene.of("tariff", max(i, quantity.i - 6), quantity.i)
    if not nouns:
        return False
    between = range(nouns[-1].j, quantity.i)
    ends = {"of", "up", "at", "в", "до", "размере", "-"}
    return bool(ends & {scene.word(k) for k in between}) and not scene.of("change", between.start, between.stop)


def _role_of_amount(
    scene: Scene, index: int, quantity: Quantity, i: int, j: int, bracket: tuple[int, int] | None
) -> str:
    k = scene.before(quantity)
    word = scene.word(k - 1) if scene.word(k) in PRESENT else scene.word(k)
    earlier = scene.quantities[index - 1] if index else None
    if bracket is not None:
        period = next((p for a, b, p in scene.periods if b in (bracket[0], bracket[0] - 1)), None)
        if period is not None:
            return "base" if period.role in {"base", "same"} else "level"
        inside_period = any(
            bracket[0] <= a < bracket[1] and p.role in {"base", "same", "main"} for a, _, p in scene.periods
        )
        if scene.of("against", *bracket) or inside_period:
            return "base"
        if (
            earlier is not None
            and earlier.unit in CURRENCIES
            and quantity.unit in CURRENCIES
            and earlier.unit != quantity.unit
        ):
            return "conversion"
        if earlier is not None and earlier.unit == quantity.unit and quantity.sign:
            return "abs"
        return "level"
    if quantity.unit == "count" and _is_whole(scene, quantity):
        return "whole"
    if quantity.sign and earlier is not None and quantity.unit == earlier.unit:
        return "abs"
    if (
        earlier is not None
        and earlier.unit == "times"
        and earlier.in_word
        and _is_multiple_of(scene, earlier, quantity)
    ):
        return "base"  # double the $4.1 billion, half of last year's 201.7 million
    change = direction(scene, quantity, i, j)
    for mark in scene.of("against", max(i, k - 4), k + 1) if scene.lang != "kk" else []:
        between = range(mark.j, quantity.i)
        if (
            mark.means == "against"
            and not any(q.i in between for q in scene.quantities)
            and not any(
                scene.word(x)
                in {"составил", "составила", "составило", "составили", "to", "amounted", "reached", "until"}
                for x in between
            )
        ):
            if scene.word(mark.i) in {"from", "чем", "than"} and not (
                change or scene.of("change", 0, len(scene.tokens))
            ):
                continue
            if scene.word(mark.i) == "from" and not all(
                scene.word(x) in _AFTER_FROM for x in range(mark.j, quantity.i)
            ):
                continue
            return "base"
    if scene.lang == "kk" and [
        mark for mark in scene.of("against", quantity.j, quantity.j + 2) if mark.means == "against"
    ]:
        return "base"
    if word in {"с", "со", "from"} and index + 1 < len(scene.quantities):
        following = scene.quantities[index + 1]
        if scene.word(scene.before(following)) in {"до", "to"} and following.unit == quantity.unit:
            return "base"
    after_level = earlier is not None and scene.word(scene.before(earlier)) in {"до", "to"}
    if word in {"с", "со", "from"} and earlier and after_level and quantity.unit in {None, earlier.unit}:
        return "base"  # вырос до 15 млрд долларов с 14,7 млрд
    if scene.lang == "kk" and quantity.case == "abl" and index + 1 < len(scene.quantities):
        following = scene.quantities[index + 1]
        if (
            following.case == "dat"
            and following.unit == quantity.unit
            and scene.qualifier(quantity) is None
            and following.i - quantity.j <= 2
        ):
            return "base"
    if word in {"на", "by"} and change is not None and quantity.unit not in {"days", "h", "km"}:
        return "abs"
    if word in {"на", "by"} and change is not None:
        return "abs"
    if scene.lang == "kk" and quantity.case == "dat" and change is not None:
        ahead = [scene.word(x) for x in range(quantity.j, min(quantity.j + 2, j))]
        if not any(text.startswith(("дейін", "жет", "жуық", "таяу")) for text in ahead) and change.i >= quantity.j:
            return "abs"
    if (
        scene.lang == "en"
        and change is not None
        and change.i == quantity.j
        and scene.word(change.i) in {"more", "less", "higher", "lower", "fewer"}
    ):
        return (
            "abs"
            if scene.word(change.j) in {"than", "compared", "year", ""} or scene.of("against", change.j, j)
            else "level"
        )
    ago = next(((b, p) for a, b, p in scene.periods if i <= a < quantity.i and p.role == "same" and p.ago == 1), None)
    if ago is not None and not scene.of("change", ago[0], quantity.i) and not scene.of("flow", ago[0], quantity.i):
        inside = range(ago[0], quantity.i)
        if not any(scene.word(x) in {",", ";", ":"} for x in inside) and not any(
            q.i in inside for q in scene.quantities
        ):
            return "base"
    earlier_time = next(((b, p) for _, b, p in reversed(scene.periods) if quantity.i - 4 <= b <= quantity.i), None)
    if earlier_time is not None and earlier_time[1].role in {"base", "same"} and index and word not in {"to", "до"}:
        inside = range(earlier_time[0], quantity.i)
        apart = any(scene.word(x) in {",", ";", ":"} for x in inside) or scene.of("change", inside.start, inside.stop)
        was = scene.word(quantity.i - 1) in {"было", "was", "were", "составлял", "составляло"}
        if (
            not apart
            and (was or not scene.of("level", inside.start, inside.stop))
            and not scene.of("flow", inside.start, inside.stop)
        ):
            return "base"
    return "level"


def _is_multiple_of(scene: Scene, multiple: Quantity, quantity: Quantity) -> bool:
    """Whether nothing but small words and a time stands between a multiple and the amount that it is a multiple of."""
    timed = {k for i, j, _ in scene.periods for k in range(i, j)}
    words = [scene.word(k) for k in range(multiple.j, quantity.i) if k not in timed]
    told = bool({"the", "of"} & set(words)) or len(words) < quantity.i - multiple.j
    return told and all(word in {"the", "of", "that", "'", "s", "от"} for word in words)


def _is_whole(scene: Scene, quantity: Quantity) -> bool:
    """Whether "из 30 видов", "of the 36 kinds", "30 түрінің" stands here, and the part is told beside it."""
    k = quantity.i - 1
    if scene.lang == "kk":
        return any(
            scene.word(x).endswith(("ің", "ың", "нен", "нан", "ден", "дан")) for x in range(quantity.i + 1, quantity.j)
        ) and bool(part_of(scene, quantity))
    words = {scene.word(k), scene.word(k - 1)}
    return bool(words & {"из", "of"}) and part_of(scene, quantity) is not None


def part_of(scene: Scene, quantity: Quantity) -> int | None:
    """The token of the number without a unit that is a part of a whole: the one right before "of", else the first after."""
    k = quantity.i - 1
    while k >= 0 and scene.word(k) in {"из", "of", "the", "out", "these", "этих", "всех"}:
        k -= 1
    if k in scene.left:
        return k
    return next((k for k in scene.left if quantity.j <= k), None)
