"""Which row stands behind what someone names: a row or source by its key, a place by any of its names."""

from __future__ import annotations

from keruen.errors import UnknownFigure, UnknownPlace
from keruen.network.build import open_world
from keruen.network.gazetteer import resolve
from keruen.tables.dataset import Dataset
from keruen.tables.trace import trace_keys
from keruen.tables.words import said


def is_row_or_source(data: Dataset, word: str) -> bool:
    """Whether a word names rows of the tables, so that the network need not be asked."""
    try:
        return bool(trace_keys(data, [word]).rows)
    except UnknownFigure:
        return False


def row_behind(data: Dataset, word: str) -> str:
    """A row id or key as it is; else the code of the place that goes by the name.

    Raises:
        UnknownFigure: nothing goes by it, or a place that no row is about.
    """
    unknown = UnknownFigure(said("err_no_figure_far", name=word))
    try:
        if trace_keys(data, [word]).rows:
            return word
    except UnknownFigure as problem:
        unknown = problem
    if word.partition(":")[0] in data.schema or not word.strip():
        raise unknown
    try:
        entry = resolve(open_world(data).gazetteer, word)
    except UnknownPlace:
        raise unknown from None
    if data["places"].find(entry.code) is None:
        raise UnknownFigure(said("err_no_row_about", place=entry.called, code=entry.code))
    return entry.code
