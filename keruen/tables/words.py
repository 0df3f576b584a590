"""Words in English and Russian: the rows of data/words.csv (key, en, ru).

words_in("ru")["mode_rail"]      a word; {0}, {1} in it are filled in by whoever prints it
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

from keruen.errors import UnknownOption

LANGUAGES = ("en", "ru")

Words = Mapping[str, str]


@cache
def words_in(lang: str) -> Words:
    """The words of a language by key.

    Raises:
        UnknownOption: a language there are no words for.
    """
    if lang not in LANGUAGES:
        raise UnknownOption(f"There are no words in {lang!r}; the languages are {', '.join(LANGUAGES)}.", LANGUAGES)
    text = (resources.files("keruen") / "data" / "words.csv").read_text(encoding="utf-8")
    return {row["key"]: row[lang] for row in csv.DictReader(text.splitlines())}
