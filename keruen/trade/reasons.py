"""Why a row was not stored, and what is to be known of an import: a code in the store, a sentence in each language for the reader.

    "partner"  or  "not_a_number:qty"        code, and after the colon what it is about
    reason("not_a_number:qty")               "qty is no number or is negative"; in Russian as `ru`

The store holds the code and the English sentence, so that SQL alone can read it; the sentences are rows `trade_reject_` and `trade_note_`
of data/words.csv. A code that this version does not know is told as it is.
"""

from __future__ import annotations

from keruen.errors import Text
from keruen.tables.words import joined, said, words_in

BETWEEN = "; "


def reason(code: str) -> Text:
    """The sentence of a reason for which a row was rejected."""
    return _told("trade_reject_", code)


def notes(codes: str) -> Text:
    """The sentences of notes, one after the other; codes parted by BETWEEN."""
    return joined(BETWEEN, [_told("trade_note_", code) for code in codes.split(BETWEEN) if code])


def _told(prefix: str, code: str) -> Text:
    key, _, what = code.partition(":")
    return said(prefix + key, what=what) if prefix + key in words_in("en") else Text(code)
