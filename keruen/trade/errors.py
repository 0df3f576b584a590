"""What can go wrong with the trade store and with files for it; each message says what to do."""

from __future__ import annotations

from keruen.errors import KeruenError


class StoreTrouble(KeruenError):
    """The store cannot be opened or written: it is locked by another process, damaged, or not a store."""

    kind = "trade_store"


class BadQuery(KeruenError):
    """A query that the store does not run: wrong SQL, or SQL that would change something."""

    kind = "bad_query"


class BadFile(KeruenError):
    """A file that cannot be imported as a whole; single bad rows are rejected and counted instead."""

    kind = "bad_file"


class UnknownImport(KeruenError):
    """No import has this number."""

    kind = "unknown_import"


class LiveTrouble(KeruenError):
    """A live service has no answer: its client is not installed, it cannot be reached, it refuses, or it has nothing."""

    kind = "live_service"
