"""Numbers of a sentence with their multipliers and units: `$979,2 млн`, `162,9 тыс. тонн`, `3-4 times`, `1088,8 тоннаға`.

A number is read in every way it can be meant (decimal comma or thousands); the way taken is that of the language, and where three digits
follow one comma or point, that which the unit makes likely: before a multiplier, per cent or "times" they are decimals, before a bare
unit thousands. The other ways are kept. A currency may stand before the number and its multiplier after it; a range may have its unit on
its second member only; "2 млрд 300 млн" is one number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from keruen.figures.claim import Printed
from keruen.figures.lexicon import Mark, Token

CURRENCIES = frozenset(
    {"USD", "EUR", "GBP", "KZT", "RUB", "CNY", "UZS", "AZN", "KGS", "GEL", "TRY", "JPY", "INR", "CHF", "AED"}
)
"""By ISO 4217."""
SCALED = {"kilotonnes": "tonnes", "kg": "tonnes", "bcm": "m3"}
"""Units that are read as another: their rows give the factor."""
COUNTED = frozenset(
    {"count", "flights", "trains", "train_pairs", "wagons", "trucks", "vessels", "voyages", "containers", "TEU"}
)
LONGEST = 26
"""Characters of the longest number that is read as one; what is longer is a code."""
GLUED = frozenset({"m", "k", "b", "t", "x", "tn", "mt"})
"""Letters that are multipliers or units only if nothing stands between them and their number, or a currency before it."""
KK_CASE = re.compile(
    r"(?:(?P<dat>[ғгқкн][ае]|[ае])|(?P<abl>[дтн][ае]н)|(?P<loc>[дт][ае])|(?P<acc>[дтн][ыі]|н)|(?P<gen>[днт][ыі]ң))$"
)
_GROUPED_COMMA = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GROUPED_POINT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_GROUPED_SPACE = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Number:
    """One way to read digits: the value, how many decimals are printed."""

    value: float
    decimals: int


@dataclass(frozen=True)
class Quantity:
    """A number with its unit: tokens i to j. `values` has one reading, or the likely one first.

    `case` is the Kazakh case of its last word; `sign` is +1 or -1 where a sign is printed, 0 where none is.
    """

    i: int
    j: int
    values: tuple[float, ...]
    values_max: tuple[float, ...]
    unit: str | None
    printed: Printed
    printed_max: Printed | None = None
    case: str = ""
    sign: int = 0
    in_word: bool = False
    decimals: tuple[int, ...] = ()
    """Decimals of each reading."""
    again: bool = False
    """Whether its unit is that of a count told before it: "54 flights a week, there will be 62"."""

    @property
    def readings(self) -> tuple[tuple[float, int], ...]:
        """Each reading with its decimals."""
        return tuple(zip(self.values, self.decimals or (self.printed.decimals,) * len(self.values), strict=True))

    @property
    def value(self) -> float:
        """The likely reading."""
        return self.values[0]

    @property
    def value_max(self) -> float | None:
        """The upper end of a range."""
        return self.values_max[0] if self.values_max else None


def readings(digits: str, lang: str) -> tuple[Number, ...]:
    """Every number that digits can mean, the usual one of the language first; none for dates and the like."""
    found: list[Number] = []
    if len(digits) > LONGEST:
        return ()
    if _GROUPED_SPACE.fullmatch(digits):
        found.append(_number(digits.replace(" ", "").replace(",", ".")))
    if _GROUPED_COMMA.fullmatch(digits):
        found.append(_number(digits.replace(",", "")))
    if _GROUPED_POINT.fullmatch(digits):
        found.append(_number(digits.replace(".", "").replace(",", ".")))
    if _PLAIN.fullmatch(digits):
        plain = _number(digits.replace(",", "."))
        usual = "," in digits and lang == "en"
        found.insert(len(found) if usual else 0, plain)
    return tuple({number.value: number for number in found}.values())


def _number(text: str) -> Number:
    return Number(float(text), len(text.partition(".")[2]))


class Scanner:
    """Reads the quantities of one sentence from its tokens and marks."""

    def __init__(self, tokens: Sequence[Token], marks: Sequence[Mark], lang: str, taken: frozenset[int]) -> None:
        self.tokens, self.lang, self.taken = tokens, lang, taken
        self.at: dict[int, dict[str, Mark]] = {}
        for mark in marks:
            self.at.setdefault(mark.i, {}).setdefault(mark.kind, mark)
        self.counted = self._counted(marks)
        self.last_count: Quantity | None = None

    def _counted(self, marks: Sequence[Mark]) -> tuple[int, str] | None:
        """What "the number of trains", "рейстер саны" counts, and where that is told: later numbers without a unit are of it."""
        for mark in marks:
            if mark.kind == "number_of":
                near = range(mark.i - 1, mark.i - 3, -1) if self.lang == "kk" else range(mark.j, mark.j + 4)
                for k in near:
                    unit = self.at.get(k, {}).get("unit")
                    if unit is not None and unit.means in COUNTED:
                        return mark.j, unit.means
        return None

    def quantities(self) -> tuple[list[Quantity], list[int]]:
        """The quantities from left to right, and the tokens of numbers that are part of none."""
        found: list[Quantity] = []
        left: list[int] = []
        i = 0
        while i < len(self.tokens):
            if i not in self.at and self.tokens[i].kind != "n":
                i += 1
                continue
            quantity = self._quantity(i)
            if quantity is not None:
                found.append(quantity)
                self.last_count = quantity if quantity.unit in COUNTED else self.last_count
                i = max(quantity.j, i + 1)
                continue
            if self.tokens[i].kind == "n" and i not in self.taken:
                left.append(i)
            i += 1
        return found, left

    def _mark(self, i: int, kind: str) -> Mark | None:
        here = self.at.get(i)
        return here.get(kind) if here else None

    def _text(self, i: int) -> str:
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def _touches(self, i: int) -> bool:
        """Whether token i follows the one before it with nothing between."""
        return 0 < i < len(self.tokens) and self.tokens[i - 1].end == self.tokens[i].start

    def _quantity(self, i: int) -> Quantity | None:
        here = self.at.get(i)
        currency = here.get("unit") if here else None
        start = i
        if (
            currency is not None
            and currency.means in CURRENCIES
            and self._is_number(currency.j)
            and self.tokens[i].kind != "n"
        ):
            return self._amount(start, currency.j, currency)
        if self.tokens[i].kind == "n":
            return self._amount(i, i, None) if i not in self.taken else None
        if here is None:
            return None
        if (mark := here.get("number")) is not None and (found := self._from_word(mark)):
            return found
        if (mark := here.get("multiple")) is not None:
            return self._in_word(mark, "times")
        if (mark := here.get("share_word")) is not None and self._is_of_amount(mark):
            return self._in_word(mark._replace(number=mark.number / 100), "times")
        if (mark := here.get("share_word")) is not None and self._is_part(mark):
            return self._in_word(mark, "%")
        if (mark := here.get("fraction")) is not None:
            return self._in_word(mark, "%")
        if (mark := here.get("multiplier")) is not None and len(self.tokens[i].text) > 4 and i not in self.taken:
            before = self._text(i - 1)
            if before not in {"нескольких", "несколько", "hundreds", "thousands", "сотни"} and (
                unit := self._unit(mark.j, None, True)
            ):
                printed = Printed("1", 0, mark.number * unit[2])
                return Quantity(i, unit[0], (printed.scale,), (), unit[1], printed, case=self._case(unit[0]))
        return None

    def _is_part(self, mark: Mark) -> bool:
        """Whether "half" is half of a flow or of goods, and not of an hour."""
        if self._text(mark.i) == self._text(mark.j - 1) == "half":
            return False  # without "of" it is half of an amount, or of a year
        near = range(mark.i - 2, mark.i) if self.lang == "kk" else range(mark.j, mark.j + 5)
        whole = any(self._text(k) in _WHOLE for k in range(mark.j, mark.j + 3))
        return whole or any({"flow", "commodity", "share"} & self.at.get(k, {}).keys() for k in near)

    def _is_of_amount(self, mark: Mark) -> bool:
        """Whether "half" is half of an amount that something is compared with: "half the $201.7m", "half of last year's $201.7m"."""
        k = mark.j
        while k < len(self.tokens) and (k in self.taken or self._text(k) in _BEFORE_AMOUNT):
            k += 1
        unit = self._mark(k, "unit")
        if unit is not None and unit.means in CURRENCIES:
            return k > mark.j and self._is_number(unit.j)
        return k > mark.j and k < len(self.tokens) and self.tokens[k].kind == "n"

    def _is_number(self, i: int) -> bool:
        if i >= len(self.tokens) or i in self.taken:
            return False
        return self.tokens[i].kind == "n" or self._mark(i, "number") is not None

    def _in_word(self, mark: Mark, unit: str) -> Quantity:
        printed = Printed(f"{mark.number:g}", 1 if mark.number % 1 and unit == "times" else 0, 1.0)
        return Quantity(mark.i, mark.j, (mark.number,), (), unit, printed, case=self._case(mark.j), in_word=True)

    def _from_word(self, mark: Mark) -> Quantity | None:
        """A number in a word, if a multiplier or a unit follows it; "two countries" is no quantity."""
        low = (Number(mark.number, 1 if mark.number % 1 else 0),)
        high: tuple[Number, ...] = ()
        end, digits = mark.j, ""
        step = end + 1 if self._text(end) in {"-", "to", "или", "or"} else end
        other = self._mark(step, "number")
        if other is not None and other.number > mark.number and mark.number >= 1:
            end, high, digits = other.j, (Number(other.number, 0),), f"{other.number:g}"
        return self._with_unit(mark.i, end, low, high, f"{mark.number:g}", digits, None, word=True)

    def _amount(self, start: int, i: int, currency: Mark | None) -> Quantity | None:
        token = self.tokens[i]
        if token.kind != "n":
            mark = self._mark(i, "number")
            low: tuple[Number, ...] = (Number(mark.number, 1 if mark.number % 1 else 0),) if mark else ()
            j = mark.j if mark else i + 1
        else:
            low, j = readings(token.text, self.lang), i + 1
        if not low:
            return None
        high: tuple[Number, ...] = ()
        digits_max = ""
        dash = self._text(j) in {"-", "~"} or (
            self._text(j) == "to" and self.lang == "en" and self._text(start - 1) != "from"
        )
        step = j + 1
        symbol = self._mark(step, "unit")
        if dash and currency is not None and symbol is not None and symbol.means == currency.means:
            step = symbol.j
        if dash and step < len(self.tokens) and self.tokens[step].kind == "n" and step not in self.taken:
            high = readings(self.tokens[step].text, self.lang)
            if high and high[0].value > low[0].value:
                digits_max, j = self.tokens[step].text, step + 1
            else:
                high = ()
        elif not dash and self._from_to(start, j):
            high, digits_max, j = readings(self.tokens[j + 1].text, self.lang), self.tokens[j + 1].text, j + 2
        return self._with_unit(start, j, low, high, token.text, digits_max, currency)

    def _from_to(self, start: int, j: int) -> bool:
        """Whether "от 2 до 3" stands here: a range, unlike "с 2 до 3", which is a change."""
        ends = {"ru": ("от", "до"), "en": ("between", "and")}.get(self.lang)
        if ends is None or self._text(start - 1) != ends[0] or self._text(j) != ends[1] or j + 1 >= len(self.tokens):
            return False
        return self.tokens[j + 1].kind == "n" and j + 1 not in self.taken

    def _with_unit(
        self,
        start: int,
        j: int,
        low: tuple[Number, ...],
        high: tuple[Number, ...],
        digits: str,
        digits_max: str,
        currency: Mark | None,
        word: bool = False,
    ) -> Quantity | None:
        scale, j, multiplied = self._multiplier(j, currency is not None)
        extra = 0.0
        if multiplied and not high:
            extra, j, small = self._rest_of_number(j, scale)
        else:
            small = None
        if multiplied and (high_end := self._range_after_unit(j)):
            high, digits_max, j = high_end
            scale_max, j, _ = self._multiplier(j, False)
        else:
            scale_max = scale
        unit: str | None
        again = False
        case = self._case(j) if multiplied else ""
        over = self._over(j) if self.lang == "kk" else None
        if over is not None:
            j, case = over[0], over[1] or case
        found = self._unit(j, currency, multiplied, start)
        if found is None and not multiplied and not high and self.lang == "kk" and self._text(j) == "-":
            found = self._unit(j + 2, currency, multiplied) if self._touches(j) else None
        if (
            found is None
            and currency is None
            and not high
            and not word
            and (lent := self._lent(start, j, multiplied, scale))
        ):
            j, unit, scale = lent
            factor = 1.0
        elif found is None and currency is None and self.counted is not None and self._is_count(start, j):
            unit, factor = self.counted[1], 1.0
        elif found is None and currency is None and self._is_again(start, j) and self.last_count is not None:
            unit, factor, again = self.last_count.unit, 1.0, True
        elif found is None:
            if currency is None and not multiplied:
                return None
            unit, factor = (currency.means if currency else None), 1.0
            if multiplied and unit is None and word:
                return None
        else:
            j, unit, factor = found
        if currency is not None:
            unit, factor = currency.means, 1.0
        if not multiplied and unit in CURRENCIES | {"tonnes"} | COUNTED:
            low, high = _thousands_first(low), _thousands_first(high)
        elif multiplied and self.lang != "en" or unit in {"%", "times", "pp"}:
            low, high = _decimals_first(low), _decimals_first(high)
        scale, scale_max = scale * factor, scale_max * factor
        printed = Printed(digits, low[0].decimals, scale)
        if small is not None:
            printed = Printed(digits, small[0].decimals, small[1] * factor)
        sign = 0
        if start and self._text(start - 1) in {"+", "-"} and self._touches(start):
            before = self._text(start - 2)
            if self._text(start - 1) == "+" or not before or before in {"(", "/", ","} or not self._touches(start - 1):
                sign = 1 if self._text(start - 1) == "+" else -1
        return Quantity(
            start,
            j,
            tuple(_exact(number.value * scale + extra * factor) for number in low),
            tuple(_exact(number.value * scale_max) for number in high),
            unit,
            printed,
            Printed(digits_max, high[0].decimals, scale_max) if high else None,
            case if over is not None else self._case(j),
            sign,
            decimals=tuple(number.decimals for number in low),
            again=again,
        )

    def _over(self, j: int) -> tuple[int, str] | None:
        """Where "-дан астам" of "20-дан астам рейс" ends, if a unit follows it, and its case."""
        case, k = "", j
        if self._text(k) == "-" and self._touches(k) and (match := KK_CASE.fullmatch(self._text(k + 1))):
            case, k = match.lastgroup or "", k + 2
        if self._mark(k, "qualifier_after") is None or self._mark(k + 1, "unit") is None:
            return None
        return k + 1, case

    def _is_count(self, start: int, j: int) -> bool:
        """Whether a number without a unit is the count that was announced: no noun follows it."""
        if self.counted is None or start < self.counted[0]:
            return False
        if self.lang == "kk" and self._text(j) == "-" and KK_CASE.fullmatch(self._text(j + 1)):
            return True
        after = self._text(j)
        return not after or self.tokens[j].kind != "w" or after in _AFTER_COUNT

    def _is_again(self, start: int, j: int) -> bool:
        """Whether a number without a unit counts what was counted before it: "их станет 62", "up from 54 a year earlier"."""
        before, after = self._text(start - 1), self._text(j)
        if self.last_count is None:
            return False
        if before in {"and", "и"} and after in {"to", "from", "в", "из"}:
            return True  # 14 flights to Istanbul and nine to Dubai
        if before not in _BEFORE_AGAIN:
            return False
        if self.lang == "kk":
            return self._text(j) == "-" and bool(KK_CASE.fullmatch(self._text(j + 1)))
        ends = j >= len(self.tokens) or self.tokens[j].kind == "p" and not self._touches(j + 1)
        return ends or j in self.taken or self._text(j) in _AFTER_COUNT

    def _lent(self, start: int, j: int, multiplied: bool, scale: float) -> tuple[int, str, float] | None:
        """What the next number lends this one ("с 6,6 до 13 тыс. тонн"): where this one ends, its unit and scale."""
        end = j
        if self.lang == "kk" and self._text(j) == "-" and KK_CASE.fullmatch(self._text(j + 1)):
            j = end = j + 2
        elif (
            self._text(j) in {"до", "to"}
            and {"с", "со", "from", "от"}
            & {self._text(start - 1), self._text(start - 2) if self._text(start - 1) in PRESENT else ""}
            or self._text(j) in {"против", "against", "versus"}
        ):
            j += 1
        else:
            return None
        while self._text(j) in {"почти", "более", "nearly", "almost", "about", "около"}:
            j += 1
        following = self._quantity(j) if j < len(self.tokens) else None
        if following is None or following.unit is None or following.in_word:
            return None
        return end, following.unit, scale if multiplied else following.printed.scale

    def _multiplier(self, j: int, currency: bool) -> tuple[float, int, bool]:
        """The factor of the multipliers that follow, where they end, and whether there is one."""
        scale, multiplied = 1.0, False
        while (mark := self._mark(j, "multiplier")) is not None:
            if self._text(j) in GLUED and not self._touches(j) and not currency:
                break
            if self._text(j) == "m" and not currency and self._unit(j + 1, None, True) is None and not self._touches(j):
                break
            scale, j, multiplied = scale * mark.number, mark.j, True
            if self._text(j) == "." and self._touches(j) and j + 1 < len(self.tokens):
                j += 1
        return scale, j, multiplied

    def _rest_of_number(self, j: int, scale: float) -> tuple[float, int, tuple[Number, float] | None]:
        """ "300 млн" after "2 млрд": what is added, where it ends, and the number and factor that are printed last."""
        if j >= len(self.tokens) or self.tokens[j].kind != "n" or j in self.taken:
            return 0.0, j, None
        more = readings(self.tokens[j].text, self.lang)
        smaller, end, multiplied = self._multiplier(j + 1, False)
        if not more or not multiplied or smaller >= scale:
            return 0.0, j, None
        return more[0].value * smaller, end, (more[0], smaller)

    def _range_after_unit(self, j: int) -> tuple[tuple[Number, ...], str, int] | None:
        """The second number of "2 млрд - 3 млрд" or "от 2 млрд до 3 млрд"."""
        if (
            self._text(j) not in {"-"}
            or j + 1 >= len(self.tokens)
            or self.tokens[j + 1].kind != "n"
            or j + 1 in self.taken
        ):
            return None
        if self._mark(j + 2, "multiplier") is None:
            return None
        found = readings(self.tokens[j + 1].text, self.lang)
        return (found, self.tokens[j + 1].text, j + 2) if found else None

    def _unit(self, j: int, currency: Mark | None, multiplied: bool, start: int = 0) -> tuple[int, str, float] | None:
        """Where the unit that follows ends, its name, and the base units in it."""
        if self._text(j) == "-" and self._touches(j) and self._text(j + 1) in {"fold"}:
            j += 1
        mark = self._mark(j, "unit")
        if mark is None and currency is None and j < len(self.tokens) and self.tokens[j].kind == "w":
            later = self._mark(j + 1, "unit") or (
                self._mark(j + 2, "unit") if self.tokens[min(j + 1, len(self.tokens) - 1)].kind == "w" else None
            )
            skipped = self.at.get(j, {})
            if "commodity" in skipped and self._text(start - 1) in {"из", "the", "of"}:
                return skipped["commodity"].i, "count", 1.0
            plain = not ({"splitter", "joiner", "against", "month", "from", "to", "with", "flow"} & skipped.keys())
            if (
                later is not None
                and later.means in COUNTED
                and plain
                and (not skipped or {"commodity", "mode", "adjective", "rate"} & skipped.keys())
            ):
                mark = later
        if mark is None:
            return None
        millions = (
            self._text(j) == "mt" and self.tokens[j].capital and not self.tokens[j].upper
        )  # 3.2 Mt, unlike 500 mt
        if self._text(j) in GLUED and self.lang == "en" and not self._touches(j) and not multiplied and not millions:
            return None
        end = mark.j
        if (
            self._text(end) == "."
            and self._touches(end)
            and len(self._text(end - 1)) <= 4
            and end + 1 < len(self.tokens)
        ):
            end += 1
        if (
            self.lang == "kk"
            and self._text(end) == "-"
            and end + 1 < len(self.tokens)
            and KK_CASE.fullmatch(self._text(end + 1))
        ):
            end += 2
        name = SCALED.get(mark.means, mark.means)
        return end, name, 1e6 if millions else mark.number

    def _case(self, j: int) -> str:
        """The Kazakh case of the word before token j, by its ending."""
        if self.lang != "kk" or j < 1:
            return ""
        word = self._text(j - 1)
        match = KK_CASE.search(word)
        bare = {"тонна", "теңге", "есе", "мың", "тоннада", "күн", "миллион", "миллиард"}
        if match is None or word in bare:
            return ""
        return match.lastgroup or ""


PRESENT = frozenset({"нынешних", "текущих", "прошлогодних", "current", "present", "today"})
_BEFORE_AGAIN = frozenset(
    {
        "станет",
        "станут",
        "стало",
        "было",
        "будет",
        "с",
        "до",
        "против",
        "be",
        "from",
        "to",
        "against",
        "versus",
        "with",
        "than",
        "were",
        "was",
    }
)
_WHOLE = frozenset({"total", "overall", "всего", "общего", "совокупного"})
_BEFORE_AMOUNT = frozenset({"the", "of", "that", "'", "s", "от", "прошлогодних", "previous"})
_AFTER_COUNT = frozenset(
    [
        "from",
        "in",
        "by",
        "compared",
        "against",
        "up",
        "down",
        "to",
        "this",
        "last",
        "a",
        "per",
        "в",
        "с",
        "до",
        "против",
        "за",
        "по",
        "и",
        "and",
    ]
)


def _exact(value: float) -> float:
    """The value without the last bits that a multiplication leaves: 979.2 x 1e6 is 979200000."""
    return float(f"{value:.12g}")


def _thousands_first(numbers: tuple[Number, ...]) -> tuple[Number, ...]:
    return tuple(sorted(numbers, key=lambda number: number.decimals == 3)) if len(numbers) > 1 else numbers


def _decimals_first(numbers: tuple[Number, ...]) -> tuple[Number, ...]:
    return tuple(sorted(numbers, key=lambda number: number.decimals != 3)) if len(numbers) > 1 else numbers
