"""Words in English and Russian: the rows of data/words.csv (key, en, ru).

words_in("ru")["mode_rail"]      a word; {0}, {1} in it are filled in by whoever prints it
said("err_unknown_place", name="Foo")    a sentence in both languages at once, with what it is about filled in

What is filled in stands in the nominative in both languages. A figure has the signs of its language: 1,234.5 and 1 234,5.

A third language has labels alone (LABELS): the rows of data/words_kk.csv (key, kk) over the Russian words, for briefs.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

from keruen.errors import Text, UnknownOption, in_language

LANGUAGES = ("en", "ru")
LABELS = {"kk": "ru"}
"""Languages that have labels alone, and the language of the sentences around them."""

Words = Mapping[str, str]


@cache
def words_in(lang: str) -> Words:
    """The words of a language by key.

    Raises:
        UnknownOption: a language there are no words for.
    """
    if lang in LABELS:
        return {**words_in(LABELS[lang]), **_rows(f"words_{lang}.csv", lang)}
    if lang not in LANGUAGES:
        raise UnknownOption(said("err_language", lang=lang, known=", ".join(LANGUAGES)), LANGUAGES)
    return _rows("words.csv", lang)


def _rows(file: str, lang: str) -> Words:
    text = (resources.files("keruen") / "data" / file).read_text(encoding="utf-8")
    return {row["key"]: row[lang] for row in csv.DictReader(text.splitlines())}


def label_basis(lang: str) -> str:
    """The language of sentences and of names out of tables: the language itself, or that around labels."""
    return LABELS.get(lang, lang)


class _Filling(Formatter):
    """Fills in a sentence of one language: its own form of texts that have both, its own signs in figures."""

    def __init__(self, lang: str) -> None:
        words = words_in(lang)
        self._lang = lang
        self._signs = str.maketrans({",": words["thousands_sign"], ".": words["decimal_sign"]})

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value as the sentence has it."""
        if isinstance(value, str):
            return in_language(value, self._lang)
        text = format(value, format_spec)
        return text.translate(self._signs) if isinstance(value, int | float) else text


_filling = cache(_Filling)


def said(key: str, /, **values: object) -> Text:
    """The sentence of a row of words.csv in both languages, its places in braces filled in by name."""
    en, ru = (_filling(lang).vformat(words_in(lang)[key], (), values) for lang in LANGUAGES)
    return Text(en, ru)


def joined(between: str, texts: Iterable[str]) -> Text:
    """Texts one after the other, with a sign or a text between them; empty ones are left out."""
    kept = [text for text in texts if text]
    en, ru = (in_language(between, lang).join(in_language(text, lang) for text in kept) for lang in LANGUAGES)
    return Text(en, ru)


def either(texts: Iterable[str]) -> Text:
    """A choice of texts: a, b or c."""
    *first, last = texts
    return joined(said("or"), [joined(", ", first), last])
