"""What the tests of the trade store share: files made small, and a store to bring them into."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from keruen.tables.dataset import Dataset
from keruen.trade.formats import FormatOptions
from keruen.trade.importing import Imported, import_file, import_into, workplace
from keruen.trade.store import Store, open_store

SHARED = Path(__file__).parents[3] / "shared" / "data" / "external" / "trade"
NEEDS_SHARED = "needs the trade files of the shared test data"
BACI = "t,i,j,k,v,q\n2022,398,704,720241,12.5,3.25\n2022,398,842,810820,1000.000,           NA\n"


class Desk:
    """A store of a test's own, and what was brought into it.

    held: the store stays open between the files that are brought, so that a thousand of them take seconds.
    """

    def __init__(self, data: Dataset, folder: Path, held: Store | None = None) -> None:
        self.data, self.folder, self.path = data, folder, folder / "store" / "trade.duckdb"
        self.held = held

    def file(self, content: str | bytes, name: str = "file.csv") -> Path:
        """A file with this content."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def bring(
        self, content: str | bytes | Path, name: str = "file.csv", *, again: bool = False, **options: Any
    ) -> list[Imported]:
        """Import a file, or this content as a file; every row read is stored or rejected, and every rejected one is counted."""
        path = content if isinstance(content, Path) else self.file(content, name)
        found = self._imported(path, FormatOptions(**options), again)
        for done in found:
            assert (
                done.rows_read
                == done.rows_stored + done.rows_rejected
                == done.rows_stored + sum(dict(done.reasons).values())
            )
        return found

    def _imported(self, path: Path, options: FormatOptions, again: bool) -> list[Imported]:
        if self.held is None:
            return import_file(self.data, path, store=self.path, options=options, again=again)
        with workplace(self.path) as folder:
            return import_into(self.held, self.data, path, folder, options=options, again=again)

    def sql(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What the store answers."""
        if self.held is not None:
            return self.held.sql(query, parameters)
        with open_store(self.path) as store:
            return store.sql(query, parameters)

    def rejected(self) -> dict[int, str]:
        """The reason for each rejected line of the last import."""
        return dict(
            self.sql(
                "SELECT line, reason FROM rejects WHERE import_id = (SELECT max(import_id) FROM imports) ORDER BY line"
            )
        )


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def gzipped(content: str) -> bytes:
    """A gzip file with this content."""
    return gzip.compress(content.encode(), mtime=0)


Bring = Callable[..., list[Imported]]
