"""Names of places as keys: one spelling for all the ways people write a name, and Russian letters written in Latin.

    key(name) = letters and digits of name, case folded, without accents        "Xi'an" -> "xian", "Алма-Ата" ->
    "алмаата"

A leading "St." is "Saint". Letters that Unicode does not decompose (Turkish dotless i, Polish l with stroke, ...)
have their usual Latin counterpart. A name in a script where combining marks carry vowels has no key: it would collide
with other names. Romanisation is that of BGN/PCGN 1947 without its position rules, as on most English maps.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LATIN_COUNTERPART = str.maketrans(
    {
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŋ": "ng",
        "ə": "a", "ß": "ss",
    }
)  # fmt: skip
_IGNORED = re.compile("[\u0300-\u036f\\s'’‘ʻʼʿʾʹʺ`´ʽˈ‐‑‒–—\\-.,;:()/·&\"_]+")
_ROMAN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e",
        "ю": "yu", "я": "ya",
    }
)  # fmt: skip
_SAINT = re.compile(r"^st[. ]\s*")
_RUSSIAN_WORD = re.compile(r"[А-Яа-яЁё][А-Яа-яЁё \-’'.()]*")
# What the romanisation writes differently from common English usage, each tried when the plain form is unknown.
_ROMAN_VARIANTS = (
    ("kh", "h"), ("ay", "ai"), ("ey", "ei"), ("oy", "oi"), ("uy", "ui"), ("iy", "y"), ("yy", "y"), ("dzh", "j"),
    ("ye", "e"), ("ts", "c"), ("ks", "x"), ("zh", "j"), ("f", "ph"),
)  # fmt: skip


def name_key(name: str) -> str:
    """The key under which a name is found; empty when the name has none."""
    key = name.casefold()
    if key.startswith("st"):
        key = _SAINT.sub("saint ", key)
    if not key.isascii():
        if not _LATIN_COUNTERPART.keys().isdisjoint(map(ord, key)):
            key = key.translate(_LATIN_COUNTERPART)
        key = unicodedata.normalize("NFKD", key)
    if not key.isalnum():
        key = _IGNORED.sub("", key)
    return key if key.isalnum() else ""


def name_variants(name: str) -> list[str]:
    """A name as a table may write it, and its parts: "Khorgos / Altynkol (KZ)" also goes by "Khorgos", "Altynkol"."""
    bare = re.sub(r"\([^)]*\)", " ", name)
    parts = [part.strip() for part in bare.split("/")] + [bare.strip(), name.strip()]
    return list(dict.fromkeys(part for part in reversed(parts) if part))


def romanise(name: str) -> str:
    """A Russian name in Latin letters, lower case: "Дуйсбург" -> "duysburg"."""
    return name.casefold().translate(_ROMAN)


def romanised_keys(name: str) -> list[str]:
    """Keys under which a Russian name may be found in Latin letters, the plain romanisation first."""
    plain = name_key(romanise(name))
    keys = [plain, *(plain.replace(old, new) for old, new in _ROMAN_VARIANTS if old in plain)]
    every = plain
    for old, new in _ROMAN_VARIANTS:
        every = every.replace(old, new)
        keys.append(every)
    return list(dict.fromkeys(key for key in keys if key))


def russian_name(name: str, spellings: Iterable[str], *, at_home: bool) -> str:
    """The Russian name among the Cyrillic spellings of a place, or empty where it cannot be told.

    The lists of spellings do not say their language; one may be Russian when all its letters are. A single such
    spelling is taken. Of several, where Russian is spoken (`at_home`), the one that romanises to the English name;
    elsewhere that might be Serbian.
    """
    russian = [spelling for spelling in spellings if _RUSSIAN_WORD.fullmatch(spelling)]
    if len(russian) == 1:
        return russian[0]
    if at_home:
        key = name_key(name)
        return next((spelling for spelling in russian if key in romanised_keys(spelling)), "")
    return ""
