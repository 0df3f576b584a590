"""Sentences made from the slots of published claims, by templates in three languages, to ask whether reading gives the slots back.

The published file holds slots and addresses only, no sentences; nothing of the pages is needed or known here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

Row = Mapping[str, str]
RU = {
    # nominative, genitive, instrumental, accusative
    "KAZ": ("Казахстан", "Казахстана", "Казахстаном", "Казахстан"),
    "AZE": ("Азербайджан", "Азербайджана", "Азербайджаном", "Азербайджан"),
    "TUR": ("Турция", "Турции", "Турцией", "Турцию"),
    "KGZ": ("Кыргызстан", "Кыргызстана", "Кыргызстаном", "Кыргызстан"),
    "UZB": ("Узбекистан", "Узбекистана", "Узбекистаном", "Узбекистан"),
    "GEO": ("Грузия", "Грузии", "Грузией", "Грузию"),
    "CHN": ("Китай", "Китая", "Китаем", "Китай"),
    "LTU": ("Литва", "Литвы", "Литвой", "Литву"),
    "GBR": ("Великобритания", "Великобритании", "Великобританией", "Великобританию"),
    "EU": ("Евросоюз", "Евросоюза", "Евросоюзом", "Евросоюз"),
    "OTS": ("ОТГ", "ОТГ", "ОТГ", "ОТГ"),
    "WLD": ("", "", "всеми странами", "мировой рынок"),
}
EN = {
    "KAZ": "Kazakhstan", "AZE": "Azerbaijan", "TUR": "Turkey", "KGZ": "Kyrgyzstan", "UZB": "Uzbekistan", "GEO": "Georgia", "CHN": "China",
    "LTU": "Lithuania", "GBR": "the United Kingdom", "EU": "the European Union", "OTS": "the OTS", "WLD": "the world",
}  # fmt: skip
KK = {
    # nominative, genitive, instrumental, dative
    "KAZ": ("Қазақстан", "Қазақстанның", "Қазақстанмен", "Қазақстанға"),
    "AZE": ("Әзербайжан", "Әзербайжанның", "Әзербайжанмен", "Әзербайжанға"),
    "TUR": ("Түркия", "Түркияның", "Түркиямен", "Түркияға"),
    "KGZ": ("Қырғызстан", "Қырғызстанның", "Қырғызстанмен", "Қырғызстанға"),
    "UZB": ("Өзбекстан", "Өзбекстанның", "Өзбекстанмен", "Өзбекстанға"),
    "GEO": ("Грузия", "Грузияның", "Грузиямен", "Грузияға"),
    "CHN": ("Қытай", "Қытайдың", "Қытаймен", "Қытайға"),
    "LTU": ("Литва", "Литваның", "Литвамен", "Литваға"),
    "GBR": ("Ұлыбритания", "Ұлыбританияның", "Ұлыбританиямен", "Ұлыбританияға"),
    "EU": ("Еуропалық одақ", "Еуропалық одақтың", "Еуропалық одақпен", "Еуропалық одаққа"),
    "OTS": ("ТМҰ", "ТМҰ-ның", "ТМҰ-мен", "ТМҰ-ға"),
    "WLD": ("", "", "", "сыртқы нарыққа"),
}
COMMODITY = {
    "crude oil and products": (
        "crude_oil_and_products",
        "нефти и нефтепродуктов",
        "crude oil and products",
        "мұнай және мұнай өнімдері",
    ),
    "uranium": ("uranium", "урана", "uranium", "уран"),
    "copper cathodes": ("copper_cathode", "катодной меди", "copper cathodes", "мыс катодтары"),
    "grain": ("grain", "зерна", "grain", "астық"),
}
MONTHS_RU = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]
MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
MONTHS_KK = [
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
]
UNITS = {
    "USD": {"ru": "{m} долларов США", "en": "{m} US dollars", "kk": "{m} АҚШ доллары"},
    "GBP": {"ru": "{m} фунтов стерлингов", "en": "{m} pounds sterling", "kk": "{m} фунт стерлинг"},
    "t": {"ru": "{m} тонн", "en": "{m} tonnes", "kk": "{m} тонна"},
    "TEU": {"ru": "{m} ДФЭ", "en": "{m} TEU", "kk": "{m} ДФЭ"},
}
SCALES = {
    "bn": ("млрд", "billion", "млрд"),
    "mn": ("млн", "million", "млн"),
    "k": ("тыс.", "thousand", "мың"),
    "M": ("млн", "million", "млн"),
    "": ("", "", ""),
}
LANGS = ("ru", "en", "kk")


def amount(digits: str, unit: str, lang: str) -> str:
    """`3.4`, `USD bn` in words; a range keeps its hyphen."""
    if " " in unit and unit.split()[0] in {"USD", "GBP"}:
        currency, scale = unit.split()
    elif unit == "bn t":
        currency, scale = "t", "bn"
    else:
        scale, currency = (unit[:-1], "t") if unit.endswith("t") else (unit[:-3], "TEU")
    word = SCALES[scale][LANGS.index(lang)]
    number = digits if lang == "en" else digits.replace(".", ",")
    return UNITS[currency][lang].format(m=f"{number} {word}".strip())


def period_words(period: str, lang: str) -> tuple[str, str] | None:
    """A period as a text puts it, with what it is in ISO; None for one that cannot be put without a day of publication."""
    if re.fullmatch(r"\d{4}", period):
        return {"ru": f"в {period} году", "en": f"in {period}", "kk": f"{period} жылы"}[lang], period
    if match := re.fullmatch(r"(\d{4})-(\d\d)(?:\.\.\1-(\d\d))?", period):
        year, first, last = match[1], int(match[2]) - 1, int(match[3] or match[2]) - 1
        iso = f"{year}-{first + 1:02d}" + (f"/{year}-{last + 1:02d}" if last != first else "")
        if first == last:
            ru = f"за {MONTHS_RU[first]} {year} года"
            return {"ru": ru, "en": f"in {MONTHS_EN[first]} {year}", "kk": f"{year} жылғы {MONTHS_KK[first]} айында"}[
                lang
            ], iso
        return {
            "ru": f"за {MONTHS_RU[first]}-{MONTHS_RU[last]} {year} года",
            "en": f"in {MONTHS_EN[first]}-{MONTHS_EN[last]} {year}",
            "kk": f"{year} жылдың {MONTHS_KK[first]}-{MONTHS_KK[last]} айларында",
        }[lang], iso
    if match := re.fullmatch(r"(Jan)-(May|Jul)", period):
        last = {"May": 4, "Jul": 6}[match[2]]
        iso = f"XXXX-01/XXXX-{last + 1:02d}"
        return {
            "ru": f"за январь-{MONTHS_RU[last]}",
            "en": f"in January-{MONTHS_EN[last]}",
            "kk": f"қаңтар-{MONTHS_KK[last]} айларында",
        }[lang], iso
    if period == "first half":
        return {"ru": "в первом полугодии", "en": "in the first half of the year", "kk": "бірінші жартыжылдықта"}[
            lang
        ], "XXXX-01/XXXX-06"
    if period.startswith("since "):
        year = period.split()[1]
        return {"ru": f"с {year} года", "en": f"since {year}", "kk": f"{year} жылдан бері"}[lang], f"{year}/.."
    return None


def topic(row: Row, lang: str, place: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """What the sentence is about, and the slots that gives."""
    flow, subject, partner = row["flow"], place["subject"], place["partner"]
    slots = {"subject": subject, "partner": partner}
    goods = COMMODITY.get(row["commodity"])
    if goods:
        slots["commodity"] = goods[0]
    made = f" {goods[1 + LANGS.index(lang)]}" if goods else ""
    rail = "rail" in flow
    if rail:
        slots["mode"] = "rail"
    kind = next((kind for kind in ("turnover", "export", "transit", "production", "deals") if kind in flow), "freight")
    slots["flow"] = {"deals": "other"}.get(kind, kind)
    if lang == "ru":
        s, p = RU.get(subject, ("",) * 4), RU.get(partner, ("",) * 4)
        if subject == "TITR":
            return ("перевозки контейнеров по ТМТМ" if flow == "containers" else "объем перевозок по ТМТМ"), slots
        if kind == "turnover":
            return (
                f"товарооборот {s[1]}" + (f" с{'о' if p[2].startswith('вс') else ''} {p[2]}" if partner else "")
            ), slots
        if kind == "export":
            by = " железнодорожным транспортом" if rail else ""
            return f"экспорт{made} {s[1]}{by}" + (
                f" на {p[3]}" if partner == "WLD" else f" в {p[3]}" if partner else ""
            ), slots
        if kind == "transit":
            return f"транзит через {s[3]}", slots
        if kind == "production":
            return f"производство{made} в {s[0]}е", slots
        if kind == "deals":
            return f"сделки {s[1]} с {p[2]}", slots
        if "through" in flow:
            return f"объем перевозок {s[1]} через {p[3]}", slots
        by = "железнодорожных перевозок" if rail else "перевозок"
        return f"объем {by}{made} " + (f"между {s[2]} и {p[2]}" if partner else s[1]), slots
    if lang == "en":
        s1, p1 = EN.get(subject, ""), EN.get(partner, "")
        by = " by rail" if rail else ""
        if subject == "TITR":
            return (
                "container traffic along the Middle Corridor"
                if flow == "containers"
                else "cargo traffic along the Middle Corridor"
            ), slots
        if kind == "turnover":
            return ("foreign trade turnover of " + s1 if partner == "WLD" else f"trade between {s1} and {p1}"), slots
        if kind == "export":
            return f"exports of{made or ' goods'} from {s1}" + (
                " to the world" if partner == "WLD" else f" to {p1}" if partner else ""
            ) + by, slots
        if kind == "transit":
            return f"transit through {s1}", slots
        if kind == "production":
            return f"production of{made} in {s1}", slots
        if kind == "deals":
            return f"deals of {s1} with {p1}", slots
        if "through" in flow:
            return f"freight of {s1} through {p1}", slots
        return f"{'rail ' if rail else ''}freight{' of' + made if made else ''} " + (
            f"between {s1} and {p1}" if partner else f"in {s1}"
        ), slots
    s, p = KK.get(subject, ("",) * 4), KK.get(partner, ("",) * 4)
    by = "теміржолмен " if rail else ""
    if subject == "TITR":
        return (
            "Орта дәліз арқылы контейнер тасымалы" if flow == "containers" else "Орта дәліз арқылы жүк тасымалы"
        ), slots
    if kind == "turnover":
        return (
            f"{s[1]} сыртқы сауда айналымы" if partner == "WLD" else f"{s[0]} мен {p[0]} арасындағы тауар айналымы"
        ), slots
    if kind == "export":
        return f"{s[1]}{' ' + p[3] if partner else ''} {by}{made.strip()} экспорты".replace("  ", " "), slots
    if kind == "transit":
        return f"{s[0]} арқылы транзит", slots
    if kind == "production":
        return f"{s[1]}{made} өндіру көлемі", slots
    if kind == "deals":
        return f"{s[1]} {p[2]} мәмілелері", slots
    if "through" in flow:
        return f"{s[1]} {p[0]} арқылы жүк тасымалы", slots
    return (f"{s[0]} мен {p[0]} арасындағы " if partner else f"{s[1]} ") + f"{by}{made.strip()} жүк тасымалы".replace(
        "  ", " "
    ), slots


def sentence(row: Row, lang: str) -> tuple[str, dict[str, str | float]] | None:
    """A sentence for a row with the slots it must give back; None where the row has no figure a sentence could state."""
    place = {slot: {"OTS members": "OTS", "world": "WLD"}.get(row[slot], row[slot]) for slot in ("subject", "partner")}
    about, own = topic(row, lang, place)
    slots: dict[str, str | float] = {slot: value for slot, value in own.items() if value}
    words = period_words(row["period"], lang)
    when = ""
    if words is not None:
        when, slots["period"] = words
    modality = {"actual": "stated", "target": "planned", "forecast": "forecast"}[row["modality"]]
    if modality != "stated":
        slots["modality"] = modality
        if modality == "planned" and words is not None:
            when = {"ru": f"к {row['period']} году", "en": f"by {row['period']}", "kk": f"{row['period']} жылға қарай"}[
                lang
            ]
    parts: list[str] = []
    verb = {"ru": "составил", "en": "amounted to", "kk": ""}[lang]
    after = {"ru": "", "en": "", "kk": "болды"}[lang]
    if modality == "planned":
        verb, after = {
            "ru": ("планируется довести до", ""),
            "en": ("is planned to reach", ""),
            "kk": ("", "жеткізу жоспарлануда"),
        }[lang]
    elif modality == "forecast":
        verb, after = {
            "ru": ("по прогнозам составит", ""),
            "en": ("is expected to reach", ""),
            "kk": ("", "болады деп күтілуде"),
        }[lang]
    if row["value_raw"]:
        stated = amount(row["value_raw"], row["unit_raw"], lang)
        slots["unit"] = {"USD mn": "USD", "GBP mn": "GBP", "t": "tonnes", "TEU": "TEU"}[row["unit_norm"]]
        factor = 1e6 if row["unit_norm"].endswith(" mn") else 1.0
        slots["value"] = float(row["value_norm"]) * factor
        if row["value_norm_max"]:
            slots["value_max"] = float(row["value_norm_max"]) * factor
        qualifier = row["value_qualifier"]
        if qualifier == "range":
            slots["qualifier"] = "range"
        elif qualifier != "exact":
            slots["qualifier"] = qualifier
            stated = {
                "approx": {"ru": f"около {stated}", "en": f"about {stated}", "kk": f"шамамен {stated}"},
                "more_than": {
                    "ru": f"более {stated}",
                    "en": f"more than {stated}",
                    "kk": f"{stated[:-1] + 'інан' if stated.endswith('ы') else stated + 'дан'} астам",
                },
            }[qualifier][lang]
            if lang == "kk" and qualifier == "more_than":
                stated = stated.replace("долларінан", "долларынан")
        if lang == "kk" and modality == "planned":
            stated = (
                stated.replace("доллары", "долларына")
                if "доллар" in stated
                else stated + ("-ге" if stated.endswith("ДФЭ") else "ға")
            )
        parts.append(" ".join(filter(None, (verb, stated, after))))
    change = growth(row, lang, slots)
    if change:
        parts.append(change)
    base = based(row, lang, slots)
    text = ", ".join(filter(None, [" ".join(filter(None, (when, about, *parts[:1]))), *parts[1:]]))
    if base:
        text = f"{text} {base}" if lang != "kk" else f"{text}, {base}"
    text = text[0].upper() + text[1:] + "."
    return (text, slots) if row["value_raw"] or change else None


def growth(row: Row, lang: str, slots: dict[str, str | float]) -> str:
    """What the row says of change, in words."""
    out = ""
    if row["growth_pct"]:
        ends = [float(end) for end in row["growth_pct"].split("..")]
        slots["growth_pct"] = ends[0]
        if len(ends) > 1:
            slots["growth_pct_max"], slots["growth_qualifier"] = ends[1], "range"
        digits = "-".join(f"{abs(end):g}" for end in ends)
        digits = digits if lang == "en" else digits.replace(".", ",")
        up = ends[0] > 0
        out = {
            "ru": f"{'увеличившись' if up else 'снизившись'} на {digits}%",
            "en": f"{'up' if up else 'down'} {digits} percent",
            "kk": f"{digits}%-ға {'артты' if up else 'төмендеді'}",
        }[lang]
    elif row["growth_times"]:
        slots["growth_times"] = float(row["growth_times"])
        digits = row["growth_times"] if lang == "en" else row["growth_times"].replace(".", ",")
        word = "раз" if digits == "100" or digits == "5" else "раза"
        out = {"ru": f"увеличившись в {digits} {word}", "en": f"growing {digits} times", "kk": f"{digits} есе артты"}[
            lang
        ]
    elif row["growth_abs"]:
        digits, unit = row["growth_abs"].lstrip("+").split(" ", 1)
        if not unit.startswith("USD"):
            unit, slots["unit"] = {"kt": "kt", "t": "t"}[unit], "tonnes"
        stated = amount(digits, unit, lang)
        slots["growth_abs"] = float(digits) * {"kt": 1e3, "t": 1.0, "USD mn": 1e6}[unit]
        kk = stated.replace("доллары", "долларына") if "доллар" in stated else stated + "ға"
        out = {"ru": f"увеличившись на {stated}", "en": f"an increase of {stated}", "kk": f"{kk} артты"}[lang]
        if lang == "en":
            out = f"up by {stated}"
    return out


def based(row: Row, lang: str, slots: dict[str, str | float]) -> str:
    """What the row is compared with, in words."""
    out = ""
    words = period_words(row["base_period"], lang)
    if row["base_value_raw"]:
        digits, unit = row["base_value_raw"].split(" ", 1)
        stated = amount(digits, {"bn t": "bn t"}.get(unit, unit), lang)
        slots["base_value"] = float(row["base_value_norm"]) * (1e6 if unit.startswith("USD") else 1.0)
        if words is not None:
            slots["base_period"] = words[1]
        when = words[0] if words is not None else ""
        if lang == "kk":
            return f"{when} {stated}мен салыстырғанда".strip()
        return f"{'против' if lang == 'ru' else 'against'} {stated} {when}".strip()
    if words is not None and ("growth_pct" in slots or "growth_times" in slots or "growth_abs" in slots):
        slots["base_period"] = words[1]
        return {"ru": f"по сравнению с показателем {words[0]}", "en": f"compared with the level {words[0]}", "kk": ""}[
            lang
        ]
    return out


def sentences(path: Path) -> Iterator[tuple[str, str, str, dict[str, str | float]]]:
    """id, language, sentence, slots of every row in every language."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for lang in LANGS:
                made = sentence(row, lang)
                if made is not None:
                    yield row["id"], lang, *made
