"""Names of places as keys: one spelling for all the ways people write a name, and Russian letters written in Latin.

    key(name) = letters and digits of name, case folded, without accents        "Xi'an" -> "xian", "Алма-Ата" -> "алмаата"

Letters that Unicode does not decompose (Turkish dotless i, Polish l with stroke, ...) have their usual Latin counterpart. A name in a
script where combining marks carry vowels has no key: it would collide with other names.
Romanisation is that of BGN/PCGN 1947 without its position rules, as on most English maps.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

_LATIN_COUNTERPART = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŋ": "ng", "ə": "a", "ß": "ss"}
)
_IGNORED = re.compile("[\u0300-\u036f\\s'’‘ʻʼʿʾʹʺ`´ʽˈ‐‑‒–—\\-.,;:()/·&\"_]+")
_WHOLLY_ASCII_IGNORED = str.maketrans("", "", " \t'`-.,;:()/&\"_")
_ROMAN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    }
)  # fmt: skip
_RUSSIAN_WORD = re.compile(r"[А-Яа-яЁё][А-Яа-яЁё \-’'.()]*")
_RUSSIAN_LETTER = re.compile("[ыэёЭЁ]")
# A form of a name that the romanisation writes differently from common English usage, each tried when the plain one is unknown.
_ROMAN_VARIANTS = (("kh", "h"), ("iy", "y"), ("yy", "y"), ("dzh", "j"), ("ye", "e"), ("ts", "c"), ("ks", "x"), ("zh", "j"))


def name_key(name: str) -> str:
    """The key under which a name is found; empty when the name has none."""
    if name.isascii():
        key = name.casefold().translate(_WHOLLY_ASCII_IGNORED)
    else:
        folded = name.casefold().translate(_LATIN_COUNTERPART)
        key = _IGNORED.sub("", unicodedata.normalize("NFKD", folded))
    return key if key.isalnum() else ""


def name_variants(name: str) -> list[str]:
    """A name as a table may write it, and its parts: "Khorgos / Altynkol (KZ)" also goes by "Khorgos" and "Altynkol"."""
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
    return list(dict.fromkeys(key for key in [*keys, every] if key))


def russian_name(name: str, spellings: Iterable[str]) -> str:
    """Of the Cyrillic spellings of a place the Russian one, or empty where that cannot be told.

    The lists of spellings do not say their language. A spelling may be Russian when all its letters are. Of several, only those with a
    letter that the other languages of that alphabet lack are sure; the one whose romanisation is nearest to the English name is taken.
    """
    russian = [spelling for spelling in spellings if _RUSSIAN_WORD.fullmatch(spelling) and "ьо" not in spelling]
    if len(russian) > 1:
        russian = [spelling for spelling in russian if _RUSSIAN_LETTER.search(spelling)]
    if len(russian) < 2:
        return russian[0] if russian else ""
    matcher = SequenceMatcher(b=name_key(name), autojunk=False)

    def likeness(spelling: str) -> float:
        matcher.set_seq1(name_key(romanise(spelling)))
        return matcher.ratio()

    return max(russian, key=likeness)
