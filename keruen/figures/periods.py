"""Times in a sentence: "за 9 месяцев 2022 года", "January-May", "өткен жылдың сәйкес кезеңі", each as an ISO 8601 year or interval.

A year ("2022", "last year") and a part of a year ("January-May", "the third quarter", "9 months") are found apart and joined when they
stand together. Relative words are resolved against the day of publication, never the day of reading. N months are January to the N-th.
Where the year cannot be known, it is written XXXX (ISO 8601-2). What a time is for is told by the words beside it: a `base` is compared
with, a `since` opens a comparison over years, a `goal` is yet to come, a `same` is the main period a year earlier.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from keruen.figures.lexicon import words_of

_FOUR_DIGITS = re.compile(r"20\d\d")
UNKNOWN_YEAR = "XXXX"
Part = tuple[int, int]
"""First and last month of a part of a year."""


@dataclass(frozen=True)
class Period:
    """A time as written from `start` to `end` (offsets into the sentence). `part` is None for a whole year, `year` for an unknown one.

    `role`: main, base, since, goal, or same (as the main one, a year earlier). `until` is the last year of several. `relative` is a time
    that the day of publication gave.
    """

    start: int
    end: int
    year: int | None
    part: Part | None
    role: str = "main"
    until: int | None = None
    relative: bool = False
    ago: int | None = None

    @property
    def iso(self) -> str:
        """As an ISO 8601 year, month, or interval of months or years."""
        return iso_of(self.year, self.part, self.until)


def iso_of(year: int | None, part: Part | None, until: int | None = None) -> str:
    """A year, a month or an interval, as ISO 8601 writes it; XXXX where the year is not known."""
    text = UNKNOWN_YEAR if year is None else f"{year:04d}"
    if until is not None and until != year:
        return f"{text}/{until:04d}"
    if part is None or part == (1, 12):
        return text
    first, last = part
    return f"{text}-{first:02d}" if first == last else f"{text}-{first:02d}/{text}-{last:02d}"


def a_year_earlier(iso: str) -> str | None:
    """The same months of the year before, None for an unknown year or several years."""
    years = set(re.findall(r"\b(\d{4})(?=$|-|/)", iso))
    if len(years) != 1:
        return None
    year = years.pop()
    return iso.replace(year, f"{int(year) - 1:04d}")


@dataclass(frozen=True)
class _Patterns:
    part: re.Pattern[str]
    year: re.Pattern[str]
    relative: re.Pattern[str]
    same: re.Pattern[str]
    several: re.Pattern[str]
    year_first: bool


@cache
def _month_words(lang: str) -> list[tuple[str, int]]:
    return [(phrase, int(number)) for phrase, number in words_of("month", lang)]


@cache
def _alternation(lang: str) -> str:
    words = sorted((phrase for phrase, _ in _month_words(lang)), key=len, reverse=True)
    return (
        "(?:"
        + "|".join(re.escape(word.rstrip("*")) + (r"[^\W\d_]*" if word.endswith("*") else r"\b") for word in words)
        + ")"
    )


ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
ORDINALS = {
    "ru": {"перв": 1, "втор": 2, "треть": 3, "трет": 3, "четверт": 4},
    "en": {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4},
    "kk": {"бірінші": 1, "алғашқы": 1, "екінші": 2, "үшінші": 3, "төртінші": 4},
}
_Y = r"(?:(?:19[89]\d|20[0-9]\d)(?!\d))"


def _compiled(
    part: str, year: str, relative: str, same: str, several: str
) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """The patterns; the ending of a word has letters only, or it would take digits that stand right behind it ("году41%")."""
    first, second, third, fourth, fifth = (
        re.compile(one.replace(r"\w", r"[^\W\d_]")) for one in (part, year, relative, same, several)
    )
    return first, second, third, fourth, fifth


@cache
def _patterns(lang: str) -> _Patterns:
    m = _alternation(lang)
    ordinal = "|".join(sorted(ORDINALS[lang], key=len, reverse=True))
    if lang == "ru":
        numbers = "|".join(sorted((word for word, _ in words_of("number", "ru")), key=len, reverse=True))
        part = (
            rf"\b(?P<m1>{m})(?:\s*-\s*|\s+по\s+|\s*/\s*)(?P<m2>{m})|(?P<nlast>последн\w+\s+)?\b(?P<n>\d{{1,2}}|{numbers})\s+месяц\w*"
            rf"|\b(?P<q>iv|iii|ii|i|[1-4]|(?:{ordinal})\w*)(?:-\w{{1,3}})?\s+(?:квартал\w*|кв\b\.?)"
            rf"|\b(?P<h>ii|i|[12]|(?:{ordinal})\w*)(?:-\w{{1,3}})?\s+полугоди\w*"
            rf"|\bполугоди(?P<h0>е|я|и)\b|\b(?P<m0>{m})"
        )
        year = (
            rf"\b(?P<y1>{_Y})\s*-\s*(?P<y2>{_Y}|\d\d)(?=\s*(?:гг|год|\.|,|$|\s))|\bс\s+(?P<y3>{_Y})\s*(?:года?|г\.?)?\s+(?:по|до)\s+(?P<y4>{_Y})"
            rf"|\b(?P<y>{_Y})(?:-\w{{1,3}})?(?P<w>\s*(?:год\w*|гг?\b\.?))?"
        )
        relative = (
            r"(?P<before_last>позапрошл\w+\s+год\w*)|(?P<closed>по\s+(?:итогам|результатам)\s+(?:всего\s+)?года\b)|(?P<ago>(?:прошл|минувш|предыдущ|прошедш|истекш)\w+\s+год\w*|прошлогодн\w+|годом\s+ранее|год\s+назад|годом\s+раньше)"
            r"|(?P<now>(?:текущ|нынешн|эт)\w+\s+год\w*)|(?P<todate>с\s+начала\s+(?:текущего\s+|этого\s+)?года)"
            r"|(?P<lastmonth>(?:прошл|минувш)\w+\s+месяц\w*)"
        )
        same = r"(?:аналогичн|соответствующ|т\w+\s+же)\w*\s+(?:период|месяц|показател)\w*|год\s+к\s+году|г/г|тот\s+же\s+период"
        several = (
            r"(?:за\s+)?последни\w+\s+(?P<n>\d{1,3}|два|три|четыре|пять|шесть|семь|восемь|девять|десять)\s+(?:лет|года)"
            r"|за\s+(?P<n2>\d{1,3}|два|три|четыре|пять|шесть|семь|восемь|девять|десять)\s+(?:лет|года)|(?P<n3>\d{1,3}|два|три|пять|семь|десять)\s+лет\s+назад"
        )
        return _Patterns(*_compiled(part, year, relative, same, several), False)
    if lang == "en":
        numbers = "|".join(sorted((word for word, _ in words_of("number", "en")), key=len, reverse=True))
        part = (
            rf"\b(?P<m1>{m})\.?(?:\s*-\s*|\s+to\s+|\s+through\s+|\s+and\s+)(?P<m2>{m})|\b(?P<nto>\d{{1,2}}|{numbers})[\s-]+months?\s+(?:to|through|ending|ended)\s+(?:in\s+)?(?P<mto>{m})"
            rf"|(?P<nlast>last\s+|past\s+)?\b(?P<n>\d{{1,2}}|{numbers})[\s-]+months?"
            rf"|\b(?:q(?P<q>[1-4])\b|(?P<qo>{ordinal})[\s-]+quarter)|\b(?:h(?P<h>[12])\b|(?P<ho>{ordinal})[\s-]+half)|\b(?P<m0>{m})"
        )
        year = (
            rf"\b(?:from|between)\s+(?P<y3>{_Y})\s+(?:to|until|and)\s+(?P<y4>{_Y})"
            rf"|\b(?P<y1>{_Y})\s*-\s*(?P<y2>{_Y}|\d\d\b)|\b(?P<y>{_Y})(?P<w>)\b"
        )
        relative = (
            r"(?P<before_last>the\s+year\s+before\s+last)|(?P<closed>for\s+the\s+(?:full|whole)\s+year(?!\s+(?:19|20)\d\d)|for\s+the\s+year\s+as\s+a\s+whole)|(?P<ago>last\s+year(?:'s)?|previous\s+year(?:'s)?|prior\s+year|(?:a|the)\s+year\s+(?:earlier|ago|before(?!\s+last))|preceding\s+year)"
            r"|(?P<now>this\s+year|current\s+year)|(?P<todate>year\s+to\s+date|since\s+the\s+(?:beginning|start)\s+of\s+the\s+year|so\s+far\s+this\s+year)"
            r"|(?P<lastmonth>last\s+month)"
        )
        same = r"(?:same|corresponding|similar)\s+(?:period|months?|quarter|time)|year[\s-]on[\s-]year|\byoy\b|\by/y\b"
        several = (
            r"(?:over|in|during|for)?\s*(?:the\s+)?(?:past|last)\s+(?P<n>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)\s+years"
            r"|(?:over|in|within)\s+(?P<n2>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)\s+years|(?P<n3>\d{1,3}|two|three|five|seven|ten)\s+years\s+ago"
        )
        return _Patterns(*_compiled(part, year, relative, same, several), False)
    numbers = "|".join(sorted((word for word, _ in words_of("number", "kk")), key=len, reverse=True))
    part = (
        rf"\b(?P<m1>{m})\s*(?:-\s*|мен\s+|бен\s+|пен\s+)(?P<m2>{m})|(?P<nlast>соңғы\s+)?\b(?P<n>\d{{1,2}}|{numbers})\s+ай(?:да|дың|ында|дағы|ы|ға)?\b"
        rf"|\b(?P<q>iv|iii|ii|i|[1-4]|{ordinal})(?:-\w+)?\s+тоқсан\w*|\b(?P<h>ii|i|[12]|{ordinal})(?:-\w+)?\s+(?:жартыжылды[қғ]\w*|жарты\s+жыл\w*)|\b(?P<m0>{m})"
    )
    year = (
        rf"\b(?P<y1>{_Y})\s*-\s*(?P<y2>{_Y}|\d\d)(?=\s+жыл)|\b(?P<y3>{_Y})\s*(?:жылдан|жылдың)?\s+(?P<y4>{_Y})\s*жылға\s+дейін"
        rf"|\b(?P<y>{_Y})(?P<w>[\s-]*(?:жыл\w*|ж\b\.?))?"
    )
    relative = (
        r"(?P<before_last>алдыңғы\s+жыл\w*|былтырдың\s+алдында\w*)|(?P<closed>(?<!\d\s)(?<!\d)\bжыл(?:дың)?\s+қорытындысы(?:нда|\s+бойынша)?)|(?P<ago>былтыр\w*|(?:өткен|ө?тк?ен)\s+жыл\w*|бұрнағы\s+жыл\w*|бір\s+жыл\s+бұрын\w*)"
        r"|(?P<now>биыл\w*|осы\s+жыл\w*|ағымдағы\s+жыл\w*)|(?P<todate>жыл\s+басынан(?:\s+бері)?)|(?P<lastmonth>өткен\s+ай\w*)"
    )
    same = r"(?:сәйкес|осы|дәл\s+осы|тиісті|ұқсас)\s+кезең\w*|сол\s+кезең\w*"
    several = (
        r"соңғы\s+(?P<n>\d{1,3}|екі|үш|төрт|бес|алты|жеті|сегіз|тоғыз|он)\s+жыл\w*|(?P<n2>\d{1,3}|екі|үш|төрт|бес|жеті|он|отыз)\s+жыл(?:да|ішінде|\s+ішінде)\b"
        r"|(?P<n3>\d{1,3}|екі|үш|бес|жеті|он)\s+жыл\s+бұрын"
    )
    return _Patterns(*_compiled(part, year, relative, same, several), True)


_BASE_BEFORE = {
    "ru": re.compile(
        r"(?:по сравнению с|в сравнении с|по отношению к|относительно|против|к уровню|чем(?:\s+за|\s+в)?|от уровня|к показател\w+|уровня|"
        r"\bк|\bк аналогичному периоду|показател\w+|выше|ниже)\s*(?:итог\w+\s+|показател\w+\s+|уровн\w+\s+|за\s+|данным\w*\s+)?\(?$"
    ),
    "en": re.compile(
        r"\b(?:compared (?:to|with)|versus|vs\.?"
        r"|against|than|relative to|over|from|in comparison with|up on|down on|on|of the level of)\s+(?:the\s+)?"
        r"(?:same\s+|corresponding\s+)?(?:period\s+|months?\s+|quarter\s+|level\s+|figures?\s+|that\s+)*(?:of\s+|in\s+|for\s+|the\s+)*\(?$"
    ),
    "kk": re.compile(r"$^"),
}
_BASE_AFTER_KK = re.compile(
    r"^[^.;0-9]{0,45}?(?:салыстыр|қарағанда|кезеңі|қарсы|деңгей(?:ден|іне|інен)|көрсеткіш(?:тен|інен))"
)
_SINCE_BEFORE = {"ru": re.compile(r"\bсо?\s*$"), "en": re.compile(r"\bsince\s*$"), "kk": re.compile(r"$^")}
_GOAL_BEFORE = {
    "ru": re.compile(r"(?:\bк(?:\s+концу)?|\bдо(?:\s+конца)?)\s*$"),
    "en": re.compile(r"\b(?:by(?:\s+the\s+end\s+of)?|until|before)\s*$"),
    "kk": re.compile(r"$^"),
}
_ABLATIVE_KK = re.compile(r"[дтн][ае]н$")
_SINCE_AFTER_KK = re.compile(r"\s*(?:бері|бастап|кейін)")
_GOAL_AFTER_KK = re.compile(r"^\s*(?:қарай|дейін|шейін)")
_YEAR_WORDS = {
    "ru": re.compile(r"\b(?:в|за|к|с|по|из|на|до|года?|по сравнению с|против|чем в|итогам|\()\s*$"),
    "en": re.compile(
        r"(?:\b(?:in|by|since|for|of|with|from|to|during|until|the|year|and|versus|over|against|than|end|its|their|our)|'s|\(|,)\s*$"
    ),
    "kk": re.compile(r"(?:^|[\s(])$"),
}
_COUNT_WORDS = {
    "два": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7, "восемь": 8, "девять": 9, "десять": 10,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "екі": 2, "үш": 3, "төрт": 4, "бес": 5, "алты": 6, "жеті": 7, "сегіз": 8, "тоғыз": 9, "он": 10, "отыз": 30,
}  # fmt: skip


_IN_SEVERAL = {"ru": ("лет", "года"), "en": ("years",), "kk": ("жыл",)}
_IN_RELATIVE = {"ru": ("год", "месяц"), "en": ("year", "month"), "kk": ("жыл", "биыл", "былтыр", "ай")}
_IN_PART = {
    "ru": ("месяц", "квартал", "кв", "полугоди"),
    "en": ("month", "quarter", "half", "q1", "q2", "q3", "q4", "h1", "h2"),
    "kk": ("ай", "тоқсан", "жарты"),
}
"""Of these, or for a part the names of months, one stands in every match: the patterns try each place of a text, which takes longer."""


def may_hold(text: str, words: Sequence[str]) -> bool:
    """Whether one of these stands in a text."""
    return any(map(text.__contains__, words))


@cache
def _month_stems(lang: str) -> tuple[str, ...]:
    return tuple(sorted({phrase.rstrip("*") for phrase, _ in _month_words(lang)}))


def periods(text: str, lang: str, published: date | None) -> list[Period]:
    """The times of a sentence (evened, in small letters), from left to right."""
    patterns = _patterns(lang)
    found: list[Period] = []
    for match in patterns.several.finditer(text) if may_hold(text, _IN_SEVERAL[lang]) else ():
        groups = match.groupdict()
        word = groups["n"] or groups["n2"] or groups["n3"]
        count = int(word) if word.isdigit() else _COUNT_WORDS.get(word, 0)
        if count:
            year = published.year - count if published else None
            role = "base" if groups["n3"] else "since"
            found.append(Period(match.start(), match.end(), year, None, role, relative=True, ago=count))
    named = may_hold(text, _month_stems(lang))
    if _FOUR_DIGITS.search(text):
        for pattern in (_FIGURES, *(_day_patterns(lang) if named else ())):
            for match in pattern.finditer(text):
                if _clear(match.start(), match.end(), found):
                    found.append(Period(match.start(), match.end(), None, None, "date"))
    years = _years(text, lang, published, patterns, found)
    parts = _parts(text, lang, patterns, [*found, *years], published) if named or may_hold(text, _IN_PART[lang]) else []
    found += _joined(text, lang, published, years, parts, patterns)
    for match in patterns.same.finditer(text):
        if not any(other.start < match.end() and match.start() < other.end for other in found):
            found.append(Period(match.start(), match.end(), None, None, "same"))
    return sorted(found, key=lambda period: period.start)


def _clear(start: int, end: int, others: list[Period]) -> bool:
    return not any(other.start < end and start < other.end for other in others)


def _years(text: str, lang: str, published: date | None, patterns: _Patterns, taken: list[Period]) -> list[Period]:
    years: list[Period] = []
    year: int | None
    part: Part | None
    for match in patterns.relative.finditer(text) if may_hold(text, _IN_RELATIVE[lang]) else ():
        if not _clear(match.start(), match.end(), taken):
            continue
        groups = match.groupdict()
        if published is None:
            year, part = None, None
        elif groups["before_last"]:
            year, part = published.year - 2, None
        elif groups["ago"] or groups["closed"]:  # the results of a year are those of one that is over
            year, part = published.year - 1, None
        elif groups["lastmonth"]:
            month = published.month - 1 or 12
            year, part = published.year - (published.month == 1), (month, month)
        elif groups["todate"]:
            year, part = published.year, (1, max(1, published.month - 1)) if published.month > 1 else None
        else:
            year, part = published.year, None
        years.append(Period(match.start(), match.end(), year, part, relative=True, ago=1 if groups["ago"] else None))
    for match in patterns.year.finditer(text):
        groups = match.groupdict()
        if not _clear(match.start(), match.end(), [*taken, *years]):
            continue
        first, last = groups["y1"] or groups["y3"], groups["y2"] or groups["y4"]
        if first:
            until = int(last) if len(last) == 4 else int(first[:2] + last)
            if until > int(first):
                years.append(Period(match.start(), match.end(), int(first), None, until=until))
            continue
        before, after = text[: match.start()], text[match.end() :]
        if after[:2] in (",0",) or re.match(r"[.,]\d", after) or re.search(r"\d[.,]$|[$€£₸]\s*$", before):
            continue
        if not groups["w"] and not _bare_year(before, after, lang):
            continue
        years.append(Period(match.start(), match.end(), int(groups["y"]), None))
    return years


_MONEY_AFTER = re.compile(
    r"\s*(?:тонн|тыс|млн|млрд|тенге|теңге|мың|долл|tonn"
    r"|tons|t\b|million|billion|dollar|usd|teu|дфэ|км|km|%|контейнер|вагон|conta|wagon|компан|companies)"
)


_THINGS_AFTER = re.compile(r"\s*(?:contain|wagon|compan)")


def _bare_year(before: str, after: str, lang: str) -> bool:
    """Whether four digits without the word year are one."""
    if _MONEY_AFTER.match(after) and not (
        re.search(r"\b(?:in|by|since|until)\s*$", before) and _THINGS_AFTER.match(after)
    ):
        return False
    if _YEAR_WORDS[lang].search(before) or re.match(r"\s*[)(:-]|'s\b", after) or not before.strip():
        return True
    return bool(_month_at_end(lang).search(before))


@cache
def _month_at_end(lang: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_alternation(lang)}|\bq[1-4]|\bh[12])\.?,?\s*$")


def _parts(text: str, lang: str, patterns: _Patterns, taken: list[Period], published: date | None) -> list[Period]:
    months = _month_words(lang)
    ordinals = ORDINALS[lang]

    def month(word: str) -> int:
        return next(
            n
            for phrase, n in months
            if word.startswith(phrase.rstrip("*")) and (phrase.endswith("*") or word.rstrip(".") == phrase)
        )

    def ordinal(word: str) -> int:
        return ROMAN.get(word) or (
            int(word) if word.isdigit() else next((n for stem, n in ordinals.items() if word.startswith(stem)), 0)
        )

    numbers = dict(words_of("number", lang))
    parts: list[Period] = []
    for match in patterns.part.finditer(text):
        groups = match.groupdict()
        part: Part | None = None
        if groups.get("mto"):
            last = month(groups["mto"])
            count = int(groups["nto"]) if groups["nto"].isdigit() else int(numbers.get(groups["nto"], 0))
            part = (last - count + 1, last) if 1 <= count <= last else None
        elif groups["m1"]:
            part = (month(groups["m1"]), month(groups["m2"]))
        elif groups["n"]:
            count = int(groups["n"]) if groups["n"].isdigit() else int(numbers.get(groups["n"], 0))
            part = (1, count) if 1 <= count <= 12 and not groups["nlast"] else None
        elif quarter := groups.get("q") or groups.get("qo"):
            number = ordinal(quarter)
            part = (3 * number - 2, 3 * number) if number else None
        elif half := groups.get("h") or groups.get("ho"):
            number = ordinal(half)
            part = (6 * number - 5, 6 * number) if number in (1, 2) else None
        elif groups.get("h0"):
            part = (1, 6)
        elif groups.get("m0"):
            word = groups["m0"]
            if (
                lang == "en"
                and word in {"may", "mar", "march", "sep", "dec"}
                and not _month_by_company(text, match.start(), match.end())
            ):
                continue
            if (
                re.match(r"\s*\d{1,2}\s*,\s*\d{4}", text[match.end() :])
                or re.search(r"\b\d{1,2}\s*(?:-\w{1,2}\s*)?$", text[: match.start()])
            ) and not re.search(r"(?:жыл\w*|ж\.)\s*$", text[: match.start()]):
                continue  # a day, not a month
            part = (month(word), month(word))
        if part is not None and part[0] <= part[1] and _clear(match.start(), match.end(), taken):
            parts.append(Period(match.start(), match.end(), None, part))
    return parts


def _month_by_company(text: str, start: int, end: int) -> bool:
    """Whether "may" or "march" is a month: after a preposition or before a year."""
    return bool(
        re.search(r"\b(?:in|of|to|from|until|since|by|during|for|through|last|this)\s*$", text[:start])
        or re.match(rf"\.?,?\s+(?:of\s+)?{_Y}\b", text[end:])
    )


_BETWEEN = re.compile(
    r"[\s,.(]*(?:of|in|the|this|for|года|месяц\w*|айлар\w*|аралығы\w*|ай\w*|жылдың|қорытынды\w*|бойынша|и|алғашқы|first|full|неполн\w+|календарн\w+|лет\w*|\s)*[\s,.]*"
)


def _joined(
    text: str, lang: str, published: date | None, years: list[Period], parts: list[Period], patterns: _Patterns
) -> list[Period]:
    """Parts with the years they stand beside, years alone, and parts whose year the day of publication gives; each with its role."""
    out: list[Period] = []
    used: set[int] = set()
    for part in parts:
        best: int | None = None
        for order in (False, True) if not patterns.year_first else (True, False):
            for k, year in enumerate(years):
                if k in used or year.until is not None or (year.part is not None):
                    continue
                gap = text[year.end : part.start] if order else text[part.end : year.start]
                if (
                    (year.end <= part.start if order else part.end <= year.start)
                    and len(gap) < 32
                    and _BETWEEN.fullmatch(gap)
                ):
                    best = k
                    break
            if best is not None:
                break
        if best is None:
            told = [
                period.year
                for period in out
                if period.part is not None and not period.relative and period.end <= part.start
            ]
            own_year = told[-1] if told and told[-1] is not None else None
            out.append(replace(part, year=own_year) if own_year else _year_by_publication(part, published))
        else:
            used.add(best)
            year = years[best]
            joined = replace(
                part,
                start=min(part.start, year.start),
                end=max(part.end, year.end),
                year=year.year,
                relative=year.relative,
            )
            out.append(joined)
    out += [year for k, year in enumerate(years) if k not in used]
    stops = [period.start for period in out] + [len(text)]
    return [
        _with_role(text, lang, period, published, min(stop for stop in stops if stop >= period.end)) for period in out
    ]


def _year_by_publication(part: Period, published: date | None) -> Period:
    """A part without a year: the last one that was over when the text was published, or ends in that month."""
    if published is None or part.part is None:
        return part
    over = part.part[1] <= published.month
    return replace(part, year=published.year if over else published.year - 1, relative=True)


_YEAR_ON_YEAR = re.compile(r"year|yoy|y/y|год|г/г")


def _with_role(text: str, lang: str, period: Period, published: date | None, stop: int) -> Period:
    before, after = text[max(0, period.start - 60) : period.start], text[period.end : min(stop, period.end + 60)]
    same = [match for match in _patterns(lang).same.finditer(before) if not _YEAR_ON_YEAR.match(match.group())]
    if same and len(before) - same[-1].end() <= 5 and not re.search(r"\d", before[same[-1].end() :]):
        return replace(period, start=period.start - (len(before) - same[-1].start()), role="same")
    if lang == "kk" and (follows := _patterns(lang).same.match(after.lstrip())):
        return replace(period, end=period.end + len(after) - len(after.lstrip()) + follows.end(), role="same")
    if lang == "kk":
        if _GOAL_AFTER_KK.match(after) and (
            period.year is not None and (published is None or period.year > published.year)
        ):
            return replace(period, role="goal")
        words = text[period.start : period.end]
        if (
            _ABLATIVE_KK.search(words)
            and not _SINCE_AFTER_KK.match(after)
            and _is_point(period)
            and re.match(r"\s+\d", after)
        ):
            return replace(period, role="base")
        if _GOAL_AFTER_KK.match(after) or not _BASE_AFTER_KK.match(after):
            return (
                replace(period, role="since")
                if text[period.start : period.end].endswith(("жылдан", "жылмен бері"))
                else period
            )
        return replace(period, role="base")
    if (
        _SINCE_BEFORE[lang].search(before)
        and period.until is None
        and _is_point(period)
        and not re.search(r"(?:сравнени\w+|compared)\s+\w+\s*$", before)
    ):
        return replace(period, role="since")
    ahead = period.year is not None and published is not None and period.year > published.year
    if _GOAL_BEFORE[lang].search(before):
        if ahead or published is None and not re.search(r"%\s*к\s*$", before):
            return replace(period, role="goal")
        if lang == "ru" and re.search(r"\bк\s*$", before):
            return replace(period, role="base")
        return replace(period, role="goal")
    if period.ago == 1 and re.match(r"годом|год\s|(?:a|the)\s+year|прошлогодн", text[period.start : period.end]):
        return replace(period, role="same")
    if _BASE_BEFORE[lang].search(before):
        return replace(period, role="base")
    return period


def _is_point(period: Period) -> bool:
    return period.part is None or period.part[0] == period.part[1]


_DAY_FIRST = r"(?P<d>\d{1,2})(?:-?(?:го|st|nd|rd|th))?\s+(?P<m>{m})\.?,?\s+(?P<y>20\d\d)"
_MONTH_FIRST = r"(?P<m>{m})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>20\d\d)"
_YEAR_FIRST = r"(?P<y>20\d\d)\s*(?:жыл\w*|ж\.?)?\s*,?\s*(?P<d>\d{1,2})\s*-?\s*(?P<m>{m})"
_FIGURES = re.compile(
    r"\b(?:(?P<y>20\d\d)[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})|(?P<d2>\d{1,2})[./](?P<m2>\d{1,2})[./](?P<y2>20\d\d))\b"
)
HEAD_LINES, HEAD_WIDTH = 20, 90
"""Where a day of publication is looked for: in the first lines that are no longer than this."""


@cache
def _day_patterns(lang: str) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(r"\b" + pattern.replace("{m}", _alternation(lang)))
        for pattern in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST)
    )


def publication_day(text: str) -> date | None:
    """The day of publication, from a short line in the head of an evened text in small letters; None if there is none."""
    lines = [line for line in text[: HEAD_LINES * 400].split("\n") if line.strip()][:HEAD_LINES]
    for line in lines:
        if len(line) > HEAD_WIDTH or not re.search(r"20\d\d", line):
            continue
        if (match := _FIGURES.search(line)) and (day := _day(*_figures(match))):
            return day
        for lang in ("ru", "en", "kk"):
            for pattern in _day_patterns(lang):
                if match := pattern.search(line):
                    word = match["m"]
                    months = (n for p, n in _month_words(lang) if word.startswith(p.rstrip("*")))
                    if day := _day(int(match["y"]), next(months), int(match["d"])):
                        return day
    return None


def _figures(match: re.Match[str]) -> tuple[int, int, int]:
    groups = match.groupdict()
    return (
        (int(groups["y"]), int(groups["m"]), int(groups["d"]))
        if groups["y"]
        else (int(groups["y2"]), int(groups["m2"]), int(groups["d2"]))
    )


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
