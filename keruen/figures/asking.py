"""Questions to the ledger as a user puts them: names instead of codes, and an error that says what would be understood."""

from __future__ import annotations

from keruen.errors import UnknownFigure, UnknownOption
from keruen.figures.areas import area_code
from keruen.figures.ledger import Rivals, ledger
from keruen.tables.dataset import Dataset
from keruen.tables.periods import span_of
from keruen.tables.words import said


def subjects(data: Dataset) -> dict[str, int]:
    """All subjects of the ledger, in order, with how many figures there are of each."""
    book = ledger(data)
    return {code: sum(len(book.about(code, one)) for one in book.partners(code)) for code in book.subjects()}


def recorded(
    data: Dataset,
    subject: str,
    *,
    partner: str | None = None,
    flow: str | None = None,
    commodity: str | None = None,
    period: str | None = None,
) -> list[Rivals]:
    """What is on record of a subject, rivals together; subject and partner by code or name, the rest as for `Ledger.rivals`.

    Raises:
        UnknownOption: nothing goes by a name, or the period is none. UnknownFigure: nothing is on record for the question.
    """
    if period is not None and span_of(period) is None:
        raise UnknownOption(said("err_no_period", period=period))
    book = ledger(data)
    who = area_code(data, subject, book.subjects())
    whom = None if partner is None else area_code(data, partner, book.partners(who))
    found = book.rivals(who, partner=whom, flow=flow, commodity=commodity, period=period)
    if not found:
        raise UnknownFigure(said("err_no_figures", subject=who))
    return found
