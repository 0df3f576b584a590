# ruff: noqa: E501
"""Writes keruen/data/country_words.csv: the names of countries, groups, corridors and cities as texts put them, in all case forms.

    python docs/make_lexicon.py        needs pymorphy3, which Keruen itself does not

Russian forms come from the morphological dictionary, Kazakh ones from the rules of vowel harmony and assimilation below, English ones are
as they are. The names are those of the table countries, with the other names, adjectives and metonyms listed here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pymorphy3

DATA = Path(__file__).parent.parent / "keruen" / "data"
CASES_RU = {"nomn": "nom", "gent": "gen", "datv": "dat", "accs": "acc", "ablt": "ins", "loct": "loc"}

RU_NAMES = {
    "KAZ": "Казахстан РК|Республика Казахстан",
    "RUS": "Россия РФ Русь|Российская Федерация",
    "CHN": "Китай КНР Поднебесная|Китайская Народная Республика",
    "USA": "США Америка|Соединённые Штаты Америки|Соединённые Штаты|Штаты",
    "ARE": "ОАЭ Эмираты|Объединённые Арабские Эмираты",
    "DEU": "Германия ФРГ",
    "GBR": "Великобритания Британия Англия|Соединённое Королевство",
    "KOR": "|Южная Корея|Республика Корея",
    "PRK": "КНДР|Северная Корея",
    "KGZ": "Киргизия Кыргызстан|Кыргызская Республика|Киргизская Республика",
    "TKM": "Туркмения Туркменистан",
    "BLR": "Беларусь Белоруссия РБ",
    "MDA": "Молдавия Молдова",
    "NLD": "Нидерланды Голландия",
    "CZE": "Чехия|Чешская Республика",
    "ZAF": "ЮАР",
    "UZB": "Узбекистан|Республика Узбекистан",
    "AZE": "Азербайджан|Азербайджанская Республика",
    "TUR": "Турция Туркие|Турецкая Республика",
    "LTU": "Литва|Литовская Республика",
    "LVA": "Латвия|Латвийская Республика",
    "VNM": "Вьетнам СРВ",
    "IRN": "Иран|Исламская Республика Иран",
    "KSA": "",
    "LKA": "Шри-Ланка Цейлон",
    "MMR": "Мьянма Бирма",
    "ROU": "Румыния",
    "SAU": "|Саудовская Аравия",
    "COD": "ДРК|ДР Конго|Демократическая Республика Конго",
    "COG": "|Республика Конго",
    "TWN": "Тайвань",
}
RU_ADJECTIVES = {
    "KAZ": "казахстанск казахск", "RUS": "российск русск", "CHN": "китайск", "USA": "американск", "ARE": "эмиратск",
    "DEU": "германск немецк", "GBR": "британск английск великобританск", "KOR": "южнокорейск корейск", "PRK": "северокорейск",
    "KGZ": "киргизск кыргызск кыргызстанск", "TKM": "туркменск туркменистанск", "BLR": "белорусск беларуск", "MDA": "молдавск молдовск",
    "NLD": "нидерландск голландск", "CZE": "чешск", "ZAF": "южноафриканск", "UZB": "узбекск узбекистанск", "AZE": "азербайджанск",
    "TUR": "турецк", "LTU": "литовск", "LVA": "латвийск латышск", "EST": "эстонск", "VNM": "вьетнамск", "IRN": "иранск",
    "TJK": "таджикск таджикистанск", "GEO": "грузинск", "ARM": "армянск", "UKR": "украинск", "POL": "польск", "HUN": "венгерск",
    "ROU": "румынск", "BGR": "болгарск", "SRB": "сербск", "HRV": "хорватск", "SVK": "словацк", "SVN": "словенск", "AUT": "австрийск",
    "CHE": "швейцарск", "FRA": "французск", "ITA": "итальянск", "ESP": "испанск", "PRT": "португальск", "BEL": "бельгийск",
    "LUX": "люксембургск", "DNK": "датск", "SWE": "шведск", "NOR": "норвежск", "FIN": "финск финляндск", "ISL": "исландск",
    "IRL": "ирландск", "GRC": "греческ", "CYP": "кипрск", "ISR": "израильск", "EGY": "египетск", "SAU": "саудовск", "QAT": "катарск",
    "KWT": "кувейтск", "OMN": "оманск", "IRQ": "иракск", "SYR": "сирийск", "JOR": "иорданск", "LBN": "ливанск", "AFG": "афганск афганистанск",
    "PAK": "пакистанск", "IND": "индийск", "BGD": "бангладешск", "LKA": "шри-ланкийск", "MNG": "монгольск", "JPN": "японск",
    "IDN": "индонезийск", "MYS": "малайзийск", "SGP": "сингапурск", "THA": "тайск таиландск", "PHL": "филиппинск", "MMR": "мьянманск",
    "CAN": "канадск", "MEX": "мексиканск", "BRA": "бразильск", "ARG": "аргентинск", "CHL": "чилийск", "PER": "перуанск",
    "AUS": "австралийск", "NZL": "новозеландск", "MAR": "марокканск", "DZA": "алжирск", "TUN": "тунисск", "NGA": "нигерийск",
    "KEN": "кенийск", "ETH": "эфиопск", "TWN": "тайваньск", "EU": "европейск", "CENTRAL_ASIA": "центральноазиатск",
}  # fmt: skip
EN_NAMES = {
    "KAZ": "Republic of Kazakhstan", "RUS": "Russian Federation", "CHN": "PRC|People's Republic of China", "USA": "US|U.S.|USA|United States of America|America",
    "ARE": "UAE|Emirates", "GBR": "UK|U.K.|Britain|Great Britain|England", "KOR": "Republic of Korea|Korea", "PRK": "DPRK",
    "KGZ": "Kyrgyz Republic|Kirghizia", "TUR": "Türkiye|Turkiye", "NLD": "Netherlands|Holland", "CZE": "Czech Republic", "VNM": "Viet Nam",
    "COD": "DRC|Democratic Republic of the Congo|Democratic Republic of Congo", "COG": "Republic of the Congo", "UZB": "Republic of Uzbekistan",
    "LTU": "Republic of Lithuania", "MDA": "Republic of Moldova", "MMR": "Burma", "IRN": "Islamic Republic of Iran", "CIV": "Cote d'Ivoire",
}  # fmt: skip
EN_ADJECTIVES = {
    "KAZ": "Kazakh Kazakhstani Kazakhstan's", "RUS": "Russian", "CHN": "Chinese Sino", "USA": "American", "ARE": "Emirati", "DEU": "German",
    "GBR": "British", "KOR": "Korean", "KGZ": "Kyrgyz Kyrgyzstani", "TKM": "Turkmen", "BLR": "Belarusian", "MDA": "Moldovan", "NLD": "Dutch",
    "CZE": "Czech", "UZB": "Uzbek Uzbekistani", "AZE": "Azerbaijani Azeri", "TUR": "Turkish", "LTU": "Lithuanian", "LVA": "Latvian",
    "EST": "Estonian", "VNM": "Vietnamese", "IRN": "Iranian", "TJK": "Tajik Tajikistani", "GEO": "Georgian", "ARM": "Armenian",
    "UKR": "Ukrainian", "POL": "Polish", "HUN": "Hungarian", "ROU": "Romanian", "BGR": "Bulgarian", "SRB": "Serbian", "AUT": "Austrian",
    "CHE": "Swiss", "FRA": "French", "ITA": "Italian", "ESP": "Spanish", "PRT": "Portuguese", "BEL": "Belgian", "DNK": "Danish",
    "SWE": "Swedish", "NOR": "Norwegian", "FIN": "Finnish", "IRL": "Irish", "GRC": "Greek", "ISR": "Israeli", "EGY": "Egyptian",
    "SAU": "Saudi", "QAT": "Qatari", "IRQ": "Iraqi", "AFG": "Afghan", "PAK": "Pakistani", "IND": "Indian", "BGD": "Bangladeshi",
    "MNG": "Mongolian", "JPN": "Japanese", "IDN": "Indonesian", "MYS": "Malaysian", "SGP": "Singaporean", "THA": "Thai", "CAN": "Canadian",
    "MEX": "Mexican", "BRA": "Brazilian", "AUS": "Australian", "EU": "European", "CENTRAL_ASIA": "Central Asian",
}  # fmt: skip
KK_NAMES = {
    "KAZ": "Қазақстан|Қазақстан Республикасы|ҚР", "RUS": "Ресей|Ресей Федерациясы|РФ", "CHN": "Қытай|ҚХР|Қытай Халық Республикасы",
    "USA": "АҚШ|Америка Құрама Штаттары", "ARE": "БАӘ|Біріккен Араб Әмірліктері", "DEU": "Германия|ГФР", "GBR": "Ұлыбритания|Англия|Британия",
    "KOR": "Оңтүстік Корея|Корея Республикасы|Корея", "PRK": "Солтүстік Корея|КХДР", "KGZ": "Қырғызстан|Қырғыз Республикасы",
    "TKM": "Түрікменстан|Түркіменстан", "BLR": "Беларусь|Белоруссия", "MDA": "Молдова", "NLD": "Нидерланд|Нидерландтар", "CZE": "Чехия",
    "UZB": "Өзбекстан|Өзбекстан Республикасы", "AZE": "Әзербайжан|Әзірбайжан", "TUR": "Түркия", "LTU": "Литва", "LVA": "Латвия",
    "EST": "Эстония", "VNM": "Вьетнам", "IRN": "Иран", "TJK": "Тәжікстан", "GEO": "Грузия|Гүржістан", "ARM": "Армения", "UKR": "Украина",
    "POL": "Польша", "HUN": "Мажарстан|Венгрия", "ROU": "Румыния", "BGR": "Болгария", "SRB": "Сербия", "AUT": "Австрия", "CHE": "Швейцария",
    "FRA": "Франция", "ITA": "Италия", "ESP": "Испания", "PRT": "Португалия", "BEL": "Бельгия", "DNK": "Дания", "SWE": "Швеция",
    "NOR": "Норвегия", "FIN": "Финляндия", "IRL": "Ирландия", "GRC": "Грекия", "CYP": "Кипр", "ISR": "Израиль", "EGY": "Египет|Мысыр",
    "SAU": "Сауд Арабиясы", "QAT": "Катар", "KWT": "Кувейт", "OMN": "Оман", "IRQ": "Ирак", "SYR": "Сирия", "AFG": "Ауғанстан|Ауғаныстан",
    "PAK": "Пәкістан|Пакистан", "IND": "Үндістан", "BGD": "Бангладеш", "MNG": "Моңғолия", "JPN": "Жапония", "IDN": "Индонезия",
    "MYS": "Малайзия", "SGP": "Сингапур", "THA": "Тайланд|Таиланд", "PHL": "Филиппин", "CAN": "Канада", "MEX": "Мексика",
    "BRA": "Бразилия", "ARG": "Аргентина", "AUS": "Австралия", "HKG": "Гонконг", "TWN": "Тайвань", "EU": "Еуропалық одақ|Еуроодақ|ЕО|Еуропа одағы",
    "EAEU": "ЕАЭО|Еуразиялық экономикалық одақ", "CIS": "ТМД", "OTS": "ТМҰ|Түркі мемлекеттері ұйымы|Түркі мемлекеттерінің ұйымы",
    "CENTRAL_ASIA": "Орталық Азия", "ASEAN": "АСЕАН", "SCO": "ШЫҰ", "EUROPE": "Еуропа",
    "TITR": "ТХКБ|Транскаспий халықаралық көлік бағыты|Транскаспий бағыты|Транскаспий халықаралық көлік бағдары|Орта дәліз|ТХКД",
    "INSTC": "Солтүстік - Оңтүстік", "WLD": "әлем",
}  # fmt: skip
KK_AS_RUSSIAN = (
    "ALB AGO BHR BEN BOL BRN BTN BWA CHL CMR COL CUB DJI DZA ECU ERI ETH FJI GAB GHA GIN GTM GUY HND HRV HTI ISL JAM JOR KEN KHM LAO LBN LBR LBY "
    "LIE LKA LUX MAR MCO MDG MDV MLI MLT MMR MNE MOZ MRT MUS MWI NAM NER NGA NIC NPL PAN PER PRY PSE RWA SDN SEN SLV SOM SUR SVK SVN SYC TCD TGO "
    "TUN TZA UGA URY VEN XKX YEM ZMB ZWE"
)
"""Countries whose Kazakh name is written as the Russian one."""
KK_ADJECTIVES = {
    "KAZ": "қазақ қазақстандық", "RUS": "ресейлік", "CHN": "қытайлық", "TUR": "түрік түркиялық", "UZB": "өзбек өзбекстандық",
    "AZE": "әзербайжандық", "VNM": "вьетнамдық", "KGZ": "қырғыз қырғызстандық", "TJK": "тәжік", "DEU": "неміс германиялық", "USA": "америкалық",
    "LTU": "литвалық", "GEO": "грузин грузиялық", "IRN": "ирандық", "JPN": "жапон жапониялық", "KOR": "корей", "EU": "еуропалық",
}  # fmt: skip
RU_GROUPS = {
    "EU": "ЕС Евросоюз|Европейский союз", "EU27": "ЕС-27", "EU28": "ЕС-28", "EAEU": "ЕАЭС|Евразийский экономический союз",
    "CIS": "СНГ|Содружество Независимых Государств", "OTS": "ОТГ|Организация тюркских государств", "CENTRAL_ASIA": "ЦА|Центральная Азия|Средняя Азия",
    "ASEAN": "АСЕАН", "SCO": "ШОС", "EUROPE": "Европа", "GCC": "ССАГПЗ",
    "TITR": "ТМТМ|Транскаспийский международный транспортный маршрут|Срединный коридор|Средний коридор|Транскаспийский маршрут|Транскаспийский коридор",
    "INSTC": "|Север - Юг|Север-Юг", "BTC": "БТД|Баку - Тбилиси - Джейхан", "BTK": "|Баку - Тбилиси - Карс|Баку-Тбилиси-Карс",
}  # fmt: skip
EN_GROUPS = {
    "EU": "EU|European Union|E.U.", "EU27": "EU27|EU-27", "EU28": "EU28|EU-28", "EAEU": "EAEU|EEU|Eurasian Economic Union",
    "CIS": "CIS|Commonwealth of Independent States", "OTS": "OTS|Organization of Turkic States|Organisation of Turkic States",
    "CENTRAL_ASIA": "Central Asia", "ASEAN": "ASEAN", "SCO": "SCO|Shanghai Cooperation Organisation|Shanghai Cooperation Organization",
    "EUROPE": "Europe", "GCC": "GCC", "TITR": "TITR|Middle Corridor|Trans-Caspian International Transport Route|Trans-Caspian route|Trans-Caspian corridor",
    "INSTC": "INSTC|North-South corridor|North-South Transport Corridor|International North-South Transport Corridor", "BTK": "BTK|Baku-Tbilisi-Kars", "BTC": "BTC|Baku-Tbilisi-Ceyhan",
}  # fmt: skip
CAPITALS = {
    "KAZ": "Астана Astana Астана", "UZB": "Ташкент Tashkent Ташкент", "CHN": "Пекин Beijing Бейжің", "RUS": "Москва Moscow Мәскеу",
    "TUR": "Анкара Ankara Анкара", "KGZ": "Бишкек Bishkek Бішкек", "TJK": "Душанбе Dushanbe Душанбе", "TKM": "Ашхабад Ashgabat Ашхабад",
    "GEO": "Тбилиси Tbilisi Тбилиси", "ARM": "Ереван Yerevan Ереван", "BLR": "Минск Minsk Минск", "LTU": "Вильнюс Vilnius Вильнюс",
    "VNM": "Ханой Hanoi Ханой", "EU": "Брюссель Brussels Брюссель", "USA": "Вашингтон Washington Вашингтон", "GBR": "Лондон London Лондон",
    "IRN": "Тегеран Tehran Тегеран", "JPN": "Токио Tokyo Токио", "KOR": "Сеул Seoul Сеул", "DEU": "Берлин Berlin Берлин",
    "FRA": "Париж Paris Париж", "ITA": "Рим Rome Рим", "AZE": "Баку Baku Баку", "UKR": "Киев Kyiv Киев",
}  # fmt: skip
CITIES = {
    "KAZ": ("Алматы Almaty Алматы", "Шымкент Shymkent Шымкент"), "TUR": ("Стамбул Istanbul Ыстамбұл",), "UZB": ("Самарканд Samarkand Самарқан",),
    "CHN": ("Шанхай Shanghai Шанхай", "Урумчи Urumqi Үрімжі", "Гуанчжоу Guangzhou Гуанчжоу", "Чунцин Chongqing Чунцин", "Сиань Xi'an Сиань"),
    "ARE": ("Дубай Dubai Дубай",), "DEU": ("Франкфурт Frankfurt Франкфурт",), "IND": ("Дели Delhi Дели", "Мумбаи Mumbai Мумбаи"),
    "VNM": ("Хошимин Hochiminh Хошимин",), "THA": ("Бангкок Bangkok Бангкок",),
}  # fmt: skip
"""Cities between which flights and trains are counted; ports are left out, for what passes a port is not its country's."""
PORTS = {
    "KAZ": ("Актау Aktau Ақтау", "Актау Aqtau Актау", "Курык Kuryk Құрық"), "GEO": ("Поти Poti Поти", "Батуми Batumi Батуми"), "AZE": ("Алят Alat Алят",),
    "CHN": ("Ляньюньган Lianyungang Ляньюньган",), "LTU": ("Клайпеда Klaipeda Клайпеда",), "TUR": ("Мерсин Mersin Мерсин",),
}  # fmt: skip
"""Ports stand for their countries only as ends of a way; what passes a port is not its country's."""
BY_HAND = (
    ("CHN", "ru", "metonym", "сианя", "gen"),
    ("CHN", "ru", "metonym", "сианю", "dat"),
    ("CHN", "ru", "metonym", "сианем", "ins"),
    ("CHN", "ru", "metonym", "сиане", "loc"),
    ("AZE", "kk", "metonym", "бакуге", "dat"),
    ("AZE", "kk", "metonym", "бакуден", "abl"),
    ("AZE", "kk", "metonym", "бакуде", "loc"),
    ("PER", "kk", "name", "перуге", "dat"),
    ("PER", "kk", "name", "перуден", "abl"),
    ("PER", "kk", "name", "перуде", "loc"),
    ("PER", "kk", "name", "перудің", "gen"),
    ("PER", "kk", "name", "перуді", "acc"),
)
"""Forms that the dictionary has otherwise: a city taken for a feminine noun, a vowel row by foreign spelling."""
LEFT_OUT = {"Man", "Jersey", "Reunion"}
"""Names that are far more often another word in a text on trade; to be read they need a longer name."""

HARD, SOFT = "аоұыуяюё", "еәөүіиэ"
VOICELESS = "кқптсшщфхцчвгбдьһ"
NASAL = "мнң"


def russian(name: str, analyzer: pymorphy3.MorphAnalyzer) -> dict[str, set[str]]:
    """The forms of a Russian name, in small letters, each with the cases it can stand for."""
    words = name.split()
    forms: dict[str, set[str]] = {}
    parsed = [_nominative(word, analyzer, word != words[-1]) for word in words]
    last = next((i for i, parse in enumerate(parsed) if parse is not None and "NOUN" in parse.tag), len(words) - 1)
    head = parsed[last]
    lifeless = head is not None and (moved := head.inflect({"accs"})) is not None and moved.word == head.word
    for tag, case in CASES_RU.items():
        out = []
        for i, (word, parse) in enumerate(zip(words, parsed, strict=True)):
            grammemes = {"nomn"} if tag == "accs" and lifeless else {tag}
            moved = parse.inflect(grammemes) if parse is not None and i <= last and "Abbr" not in parse.tag else None
            out.append(moved.word if moved is not None else word)
        forms.setdefault(" ".join(out).lower().replace("ё", "е"), set()).add(case)
    return forms


def _nominative(word: str, analyzer: pymorphy3.MorphAnalyzer, followed: bool) -> pymorphy3.analyzer.Parse | None:
    if word.isupper() or word in {"-", "и"}:
        return None
    fitting = [
        parse
        for parse in analyzer.parse(word)
        if "nomn" in parse.tag and any({part} in parse.tag for part in ("NOUN", "ADJF", "PRTF"))
    ]
    like_adjective = followed and word.endswith(("ий", "ый", "ой", "ая", "яя", "ое", "ее", "ие", "ые"))
    best = sorted(
        fitting,
        key=lambda parse: (
            like_adjective and "NOUN" in parse.tag,
            "Geox" not in parse.tag,
            "Name" in parse.tag or "Surn" in parse.tag,
        ),
    )
    return best[0] if best else None


def kazakh(name: str) -> dict[str, set[str]]:
    """The forms of a Kazakh name, in small letters, each with its case."""
    low = name.lower()
    if name.isupper():  # letters are read out; both vowel rows are met, with a hyphen that the reader handles
        return {low: {"nom"}}
    vowels = [letter for letter in low if letter in HARD + SOFT]
    hard = not vowels or vowels[-1] in HARD or low.endswith("ия")
    end, owned = (
        low[-1],
        low.split()[-1].endswith(
            ("сы", "сі", "лары", "лері", "тары", "тері", "ығы", "ағы", "ігі", "бағыты", "бағдары")
        ),
    )
    a = "а" if hard else "е"
    y = "ы" if hard else "і"
    if owned and " " in low:
        endings = {"gen": f"н{y}ң", "dat": f"н{a}", "acc": "н", "loc": f"нд{a}", "abl": f"н{a}н", "ins": "мен"}
    else:
        vowel = end in HARD + SOFT
        if end in VOICELESS:
            endings = {
                "gen": f"т{y}ң",
                "dat": f"к{a}" if not hard else "қа",
                "acc": f"т{y}",
                "loc": f"т{a}",
                "abl": f"т{a}н",
                "ins": "пен",
            }
        else:
            nasal = end in NASAL
            endings = {
                "gen": f"н{y}ң" if vowel or nasal else f"д{y}ң",
                "dat": f"ғ{a}" if hard else f"г{a}",
                "acc": f"н{y}" if vowel else f"д{y}",
                "loc": f"д{a}",
                "abl": f"н{a}н" if nasal else f"д{a}н",
                "ins": "бен" if end in "зж" else "мен",
            }
    stem = low[:-1] if low.endswith("ь") else low
    forms = {low: {"nom"}}
    for case, ending in endings.items():
        forms.setdefault(stem + ending, set()).add(case)
        if stem != low:
            forms.setdefault(low + ending, set()).add(case)
    forms.setdefault(stem + endings["loc"] + ("ғы" if hard else "гі"), set()).add("adj")
    return forms


Row = tuple[str, str, str, str, str]


def rows(analyzer: pymorphy3.MorphAnalyzer) -> Iterator[Row]:
    """words, lang, place, kind, cases of every form; a place may come with the same words twice."""
    with (DATA / "countries.csv").open(encoding="utf-8") as file:
        countries = {row["iso3"]: (row["name"], row["name_ru"].split(" (")[0]) for row in csv.DictReader(file)}
    ru = {iso: [name] for iso, (_, name) in countries.items()}
    for iso, more in [*RU_NAMES.items(), *RU_GROUPS.items()]:
        single, *phrases = more.split("|")
        ru[iso] = [*ru.get(iso, []), *single.split(), *phrases]
    for iso, names in ru.items():
        for name in dict.fromkeys(names):
            if name and name not in LEFT_OUT:
                yield from (
                    (form, "ru", iso, "name", "|".join(sorted(cases)))
                    for form, cases in russian(name, analyzer).items()
                )
    for iso, stems in RU_ADJECTIVES.items():
        yield from ((f"{stem}*", "ru", iso, "adjective", "adj") for stem in stems.split())
        yield from ((f"{stem}о", "ru", iso, "adjective", "adj") for stem in stems.split())
    en = {iso: [name] for iso, (name, _) in countries.items()}
    for iso, more in [*EN_NAMES.items(), *EN_GROUPS.items()]:
        en[iso] = [*en.get(iso, []), *more.split("|")]
    for iso, names in en.items():
        yield from ((name.lower(), "en", iso, "name", "") for name in dict.fromkeys(names) if name not in LEFT_OUT)
    for iso, words in EN_ADJECTIVES.items():
        yield from ((word.lower(), "en", iso, "adjective", "adj") for word in words.split() if "'" not in word)
    kk = KK_NAMES | {iso: countries[iso][1] for iso in KK_AS_RUSSIAN.split()}
    for iso, more in kk.items():
        for name in more.split("|"):
            yield from ((form, "kk", iso, "name", "|".join(sorted(cases))) for form, cases in kazakh(name).items())
    for iso, words in KK_ADJECTIVES.items():
        yield from ((word, "kk", iso, "adjective", "adj") for word in words.split())
    yield from ((form, lang, iso, kind, case) for iso, lang, kind, form, case in BY_HAND)
    for iso, listed in PORTS.items():
        for name_ru, name_en, name_kk in (names.split() for names in listed):
            yield from (
                (form, "ru", iso, "port", "|".join(sorted(cases))) for form, cases in russian(name_ru, analyzer).items()
            )
            yield name_en.lower(), "en", iso, "port", ""
            yield from ((form, "kk", iso, "port", "|".join(sorted(cases))) for form, cases in kazakh(name_kk).items())
    for iso, names in [*CAPITALS.items(), *((iso, names) for iso, listed in CITIES.items() for names in listed)]:
        name_ru, name_en, name_kk = names.split()
        yield from (
            (form, "ru", iso, "metonym", "|".join(sorted(cases))) for form, cases in russian(name_ru, analyzer).items()
        )
        yield name_en.lower(), "en", iso, "metonym", ""
        yield from ((form, "kk", iso, "metonym", "|".join(sorted(cases))) for form, cases in kazakh(name_kk).items())


def main() -> None:
    """Writes the table; of rows that differ only in case the cases are put together."""
    merged: dict[tuple[str, str, str], tuple[str, set[str]]] = {}
    for words, lang, place, kind, cases in rows(pymorphy3.MorphAnalyzer()):
        entry = merged.setdefault((words, lang, place), (kind, set()))
        entry[1].update(filter(None, cases.split("|")))
    with (DATA / "country_words.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("words", "lang", "place", "kind", "cases", "source", "note"))
        for (words, lang, place), (kind, found) in sorted(merged.items()):
            writer.writerow((words, lang, place, kind, "|".join(sorted(found)), "keruen_assumption", ""))


if __name__ == "__main__":
    main()
