"""Who trades with whom: the countries, groups and corridors of a clause, and what their case or preposition makes of them.

    "экспорт из Узбекистана в Казахстан"   from UZB, to KAZ   ->  subject UZB, partner KAZ
    "импорт из Китая в Казахстан"          from CHN, to KAZ   ->  subject KAZ, partner CHN
    "Қазақстан мен Литва арасындағы"       between            ->  subject KAZ, partner LTU

The subject is the reporter: who exports, who imports, who carries; of a pair the one named first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from keruen.figures.lexicon import Mark, Token
from keruen.figures.quantities import KK_CASE

CORRIDORS = frozenset({"TITR", "INSTC", "BTK", "BTC"})
SKIPPED = frozenset(
    [
        "экономику",
        "экономики",
        "республикой",
        "республики",
        "республику",
        "республика",
        "страны",
        "стран",
        "странами",
        "странам",
        "рынок",
        "рынки",
        "рынке",
        "компаниями",
        "территорию",
        "территории",
        "the",
        "republic",
        "of",
        "countries",
        "member",
        "states",
        "market",
        "markets",
        '"',
        "государствами",
        "государств",
        "государства",
        "регионы",
        "регион",
        "провинцию",
    ]
)
_RU = {
    "из": "from",
    "с": "with",
    "со": "with",
    "между": "between",
    "для": "for",
    "через": "via",
    "по": "along",
    "у": "from",
    "на": "on",
    "от": "from",
}
_EN = {
    "from": "from", "to": "to", "into": "to", "with": "with", "between": "between", "for": "for", "through": "via", "via": "via",
    "across": "via", "in": "in", "of": "of", "by": "by", "along": "along", "on": "along", "and": "and",
}  # fmt: skip
_KK = {"dat": "to", "abl": "from", "ins": "with", "loc": "in", "gen": "of", "acc": "acc", "adj": "in", "nom": "nom"}
_KK_OWNED_CASE = re.compile(r"ері(?:(?P<gen>нің)|(?P<dat>не)|(?P<abl>нен)|(?P<loc>нде)|(?P<ins>мен)|(?P<acc>н))$")
_KK_PORT_CASE = re.compile(r"порты(?:(?P<gen>ның)|(?P<dat>на)|(?P<abl>нан)|(?P<loc>нда\w*)|(?P<ins>мен)|(?P<acc>н))")
_INS = frozenset({"мен", "бен", "пен"})


ENDS = frozenset({"from", "to", "into", "between"})
"""Roles of the ends of a way."""


@dataclass(frozen=True)
class Mention:
    """A place named in tokens i to j, with its role: from, to, with, between, for, via, along, on, in, of, nom, adj."""

    place: str
    role: str
    i: int
    j: int


def mentions(tokens: Sequence[Token], marks: Sequence[Mark], lang: str) -> list[Mention]:
    """The places of a sentence with their roles, names of people and whose statistics speak left out."""
    named = [mark for mark in marks if mark.kind in {"name", "metonym", "adjective", "port"}]
    begun = {mark.i for mark in marks}
    known = begun.__contains__
    found: list[Mention] = []
    for mark in named:
        if mark.kind != "adjective" and _is_person(tokens, mark, named, lang, known):
            continue
        if mark.kind == "metonym" and mark.i == 0 and mark.j < len(tokens) and tokens[mark.j].text in {"-", ".", ","}:
            continue  # where the news is from
        role = _kazakh_role(tokens, mark) if lang == "kk" else _role(tokens, mark, lang)
        if mark.kind == "port" and role not in ENDS:
            continue
        if mark.means in CORRIDORS and role != "between":
            role = "along"
        found.append(Mention(mark.means, role, mark.i, mark.j))
    return _between(_unions(found, tokens), tokens, lang)


_WITH_BRITAIN = frozenset(["включая", "including", "plus", "incl", "вместе", "қоса", "бірге"])
_WITHOUT_BRITAIN = frozenset(["без", "исключая", "excluding", "without", "қоспағанда"])


def _unions(found: list[Mention], tokens: Sequence[Token]) -> list[Mention]:
    """The European Union as EU28 or EU27 where the text says with or without the United Kingdom, which is then no trader of its own."""
    out: list[Mention] = []
    for mention in found:
        union = out[-1] if out else None
        if union is not None and union.place == "EU" and mention.place == "GBR" and mention.i - union.j <= 5:
            gap = {token.text for token in tokens[union.j : mention.j + 2]}
            name = "EU28" if gap & _WITH_BRITAIN else "EU27" if gap & _WITHOUT_BRITAIN else ""
            if name:
                out[-1] = Mention(name, union.role, union.i, mention.j)
                continue
        out.append(mention)
    return out


def _is_person(
    tokens: Sequence[Token], mark: Mark, named: Sequence[Mark], lang: str, known: Callable[[int], bool]
) -> bool:
    """A name in the nominative that another name with a capital follows is a person's or a company's: "Иран Шархан"."""
    if lang == "kk" or mark.cases and "nom" not in mark.cases or mark.j >= len(tokens) or mark.j - mark.i > 1:
        return False
    following = tokens[mark.j]
    if lang == "en" and (known(mark.j) or tokens[mark.i - 1].text in _EN and mark.i or _is_title(tokens)):
        return False
    return (
        following.capital
        and not following.upper
        and not any(other.i == mark.j for other in named)
        and not tokens[mark.i].upper
    )


def _is_title(tokens: Sequence[Token]) -> bool:
    """Whether most words are written with capitals, as in an English headline."""
    words = [token for token in tokens if token.kind == "w" and len(token.text) > 3]
    return 3 * sum(token.capital for token in words) > 2 * len(words)


def _role(tokens: Sequence[Token], mark: Mark, lang: str) -> str:
    if mark.kind == "adjective" and lang == "ru":
        k, end = mark.i - 1, mark.j
        named = end < len(tokens) and tokens[end].text.startswith(("республик", "федераци", "сторон", "рынк", "рынок"))
        if not named:
            return "adj"
    k = mark.i - 1
    steps = 0
    while (
        k >= 0
        and steps < 3
        and (tokens[k].text in SKIPPED or lang == "ru" and tokens[k].text.endswith(("ой", "ую", "ими")))
        and not (tokens[k].text == "of" and k and tokens[k - 1].text not in SKIPPED)
    ):
        k, steps = k - 1, steps + 1
    word = tokens[k].text if k >= 0 else ""
    if lang == "en":
        if mark.kind == "adjective":
            return "adj"
        role = _EN.get(word, "nom")
        after = mark.j
        if after + 1 < len(tokens) and tokens[after].text == "'" and tokens[after + 1].text == "s":
            return "of" if role in {"nom", "and"} else role
        return role
    cases = mark.cases
    if word in {"в", "во"}:
        if cases and "loc" in cases and "acc" not in cases:
            return "in"
        return "to" if not cases or "loc" not in cases else "into"
    if word in {"с", "со"} and cases and "ins" not in cases and "gen" in cases and "nom" not in cases:
        return "from"
    if word in _RU:
        return _RU[word]
    if "nom" in cases:
        return "nom"
    if "ins" in cases and "gen" not in cases:
        return "by"
    return "of" if "gen" in cases or not cases else ("to" if "dat" in cases else "of")


def _kazakh_role(tokens: Sequence[Token], mark: Mark) -> str:
    if mark.kind == "adjective":
        return "adj"
    j = mark.j
    if (
        j < len(tokens)
        and tokens[j].text.startswith(("елдері", "мемлекеттері"))
        and (match := _KK_OWNED_CASE.search(tokens[j].text))
    ):
        return _KK[match.lastgroup or "nom"]
    if j < len(tokens) and (match := _KK_PORT_CASE.fullmatch(tokens[j].text)):
        return _KK[match.lastgroup or "nom"]
    if j + 1 < len(tokens) and tokens[j].text == "-" and tokens[j].start == tokens[j - 1].end:
        ending = tokens[j + 1].text
        if ending in _INS:
            return "with"
        if match := KK_CASE.fullmatch(ending):
            return _KK[match.lastgroup or "nom"]
    if j < len(tokens) and tokens[j].text == "арқылы":
        return "via"
    if j < len(tokens) and tokens[j].text in {"үшін"}:
        return "for"
    case = next((case for case in ("ins", "abl", "dat", "loc", "gen", "acc", "adj") if case in mark.cases), "nom")
    if case == "dat" and j < len(tokens) and tokens[j].text in {"қарасты", "тиесілі"}:
        return "of"
    return _KK[case]


def _between(found: list[Mention], tokens: Sequence[Token], lang: str) -> list[Mention]:
    """The mentions with both members of each pair told as such: "между A и B", "A-B trade", "A мен B арасында"."""
    out = list(found)
    for k, mention in enumerate(out[1:], 1):
        first = out[k - 1]
        gap = [token.text for token in tokens[first.j : mention.i]]
        if lang == "kk":
            if first.role == mention.role == "nom" and len(gap) == 1 and gap[0] in _INS:
                out[k - 1], out[k] = (
                    Mention(first.place, "joint", first.i, first.j),
                    Mention(mention.place, "joint", mention.i, mention.j),
                )
            ahead = [token.text for token in tokens[mention.j : mention.j + 4]]
            pair = any(text.startswith(("арасында", "арасындағы", "аралығ")) for text in ahead)
            linked = [text for text in gap if text not in {"-"}]
            if (pair and linked and linked[0] in _INS | {"және"} or gap == ["-"]) and len(gap) <= 3:
                out[k - 1], out[k] = (
                    Mention(first.place, "between", first.i, first.j),
                    Mention(mention.place, "between", mention.i, mention.j),
                )
        elif first.role == "between" and [
            text for text in gap if text not in SKIPPED and not text.endswith(("ой", "ми"))
        ] in (["и"], ["and"]):
            out[k] = Mention(mention.place, "between", mention.i, mention.j)
        elif gap in (["и"], ["and"]) and first.role == "nom" and mention.role in {"nom", "and"} and lang != "kk":
            out[k - 1], out[k] = (
                Mention(first.place, "joint", first.i, first.j),
                Mention(mention.place, "joint", mention.i, mention.j),
            )
        elif (
            gap == ["-"]
            and (first.role == "adj" or lang == "en" and first.role in {"nom", "of"} and mention.role in {"nom", "of"})
            or gap in (["и"], ["and"])
            and first.role in {"of", "adj"}
            and mention.role in {"of", "adj", "and"}
            and lang != "kk"
        ):
            out[k - 1], out[k] = (
                Mention(first.place, "between", first.i, first.j),
                Mention(mention.place, "between", mention.i, mention.j),
            )
        elif (
            gap in (["и"], ["and"])
            and first.role not in {"nom", "and"}
            and mention.role in {"of", "nom", "by", "and"}
            and lang != "kk"
        ):
            out[k] = Mention(mention.place, first.role, mention.i, mention.j)
    return out


@dataclass(frozen=True)
class Pair:
    """Reporter and partner as a clause gives them; either may be missing. `ordered` is False where only custom put one first."""

    subject: Mention | None = None
    partner: Mention | None = None
    ordered: bool = True


def pair(places: Sequence[Mention], flow: str | None, flow_at: int | None = None) -> Pair:
    """Reporter and partner of a flow, from the mentions of a clause; `flow_at` is the token that names the flow."""
    if flow in {"turnover", "export", "import"}:
        places = [mention for mention in places if mention.place not in CORRIDORS]
    one: dict[str, Mention] = {}
    for mention in places:
        one.setdefault(mention.role, mention)
    directed = any(role in one for role in ("from", "to", "into", "with"))
    between = [mention for mention in places if mention.role == "between" or mention.role == "joint" and not directed]
    if len(between) >= 2:
        return Pair(between[0], between[1])
    source, goal = (
        one.get("from"),
        one.get("to")
        or (one.get("into") if "from" in one or flow in {"export", "import", "freight", "transit"} else None),
    )
    inside = one.get("in") or (one.get("into") if goal is None else None)
    partner_side = one.get("with") or one.get("for")
    own: Mention | None
    own = (
        one.get("nom")
        or one.get("joint")
        or one.get("of")
        or one.get("adj")
        or one.get("by")
        or (between[0] if between else None)
    )
    subject: Mention | None
    partner: Mention | None
    others = (one.get(role) for role in ("of", "adj", "by", "acc", "and", "nom"))
    second = next((other for other in others if other is not None and other is not own), None)
    if flow == "import":
        made = one.get("adj")
        if source is None and made is not None and flow_at is not None and made.i > flow_at:
            source, own = made, next((one[role] for role in ("nom", "of", "by") if role in one), None)
        subject, partner = goal or own, source
        if subject is not None and partner is None and own is not None and own is not subject:
            partner = own
    elif flow == "export":
        subject, partner = source or own, goal
        if source is not None and own is not None and goal is None and own is not source:
            subject, partner = own, source
    else:
        subject, partner = source or own, goal
        if source is not None and goal is None:
            subject, partner = (own, source) if own is not None and own is not source else (source, None)
    if flow == "production" and inside is not None and own is not None and own.role == "of":
        return Pair(inside, own)  # "of the 34 raw materials of the EU 19 are produced in Kazakhstan"
    if inside is not None and (subject is None or subject.role == "adj" and flow != "export"):
        subject, partner = inside, partner or subject
    if partner is None and partner_side is not None:
        partner = partner_side
    if subject is None and one.get("along") is not None:
        subject = one["along"]
    for role in ("via", "along", "on"):
        if partner is None and one.get(role) is not None and one[role] is not subject and subject is not None:
            partner = one[role]
    if (
        partner is None
        and second is not None
        and second is not subject
        and second.place != (subject.place if subject else "")
    ):
        partner = second
    if flow == "transit" and one.get("via") is not None and one["via"].place not in CORRIDORS:
        return Pair(one["via"], None)
    if one.get("via") is not None and subject is None and (flow == "transit" or one["via"].place in CORRIDORS):
        subject = one["via"]
    elif subject is None and partner is None and one.get("via") is not None:
        partner = one["via"]
    if subject is not None and partner is not None and subject.place == partner.place:
        partner = next((mention for mention in places if mention.place != subject.place), None)
    return Pair(subject, partner)
