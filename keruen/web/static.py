"""The page: files of one folder, held in memory as they are and compressed, each under the hash of its content.

A request names a file of the list that was made from the folder; it never becomes a path. A file that changed is read again, so that
who writes the page sees what is written. Addresses of views give the page itself, which reads them.
"""

from __future__ import annotations

import gzip
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "page"
VIEWS = ("", "route", "check", "trade", "flows", "materials", "accuracy", "evidence", "scenarios")
TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8", ".json": "application/json", ".txt": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}  # fmt: skip
PACKED_ALREADY = {".woff2", ".png", ".ico"}
LOOK_AGAIN_S = 1.0


@dataclass(frozen=True)
class PageFile:
    """A file as it is sent: content, compressed content (empty: would not be smaller), type, and hash."""

    content: bytes
    packed: bytes
    media_type: str
    etag: str
    changed_ns: int


class Page:
    """The files of the page."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self.paths: dict[str, Path] = {}
        self.read: dict[str, PageFile] = {}
        self.looked_at = -LOOK_AGAIN_S

    def find(self, name: str) -> PageFile | None:
        """The file of a name as an address gives it, or the page for the address of a view; None if there is none."""
        name = "index.html" if name in VIEWS else name
        if name not in self.paths and time.monotonic() - self.looked_at > LOOK_AGAIN_S:
            self.paths = listed(self.folder)
            self.looked_at = time.monotonic()
        path = self.paths.get(name)
        if path is None:
            return None
        try:
            changed = path.stat().st_mtime_ns
            known = self.read.get(name)
            if known is None or known.changed_ns != changed:
                known = self.read[name] = page_file(path, changed)
            return known
        except FileNotFoundError:
            del self.paths[name]
            return None

    def response(self, request: Request, name: str) -> Response | None:
        """The answer to a request for a file; "not modified" to who has it already."""
        file = self.find(name)
        if file is None:
            return None
        pack = bool(file.packed) and "gzip" in request.headers.get("accept-encoding", "")
        etag = f'"{file.etag}{"-gz" if pack else ""}"'
        headers = {"etag": etag, "cache-control": "no-cache", "vary": "accept-encoding"}
        if etag in (tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers=headers)
        if pack:
            headers["content-encoding"] = "gzip"
        return Response(file.packed if pack else file.content, headers=headers, media_type=file.media_type)


def listed(folder: Path) -> dict[str, Path]:
    """The files of a folder that are sent, by the name an address has for them."""
    return {
        str(PurePosixPath(path.relative_to(folder))): path
        for path in folder.rglob("*")
        if path.suffix in TYPES and path.is_file() and not path.is_symlink()
    }


def page_file(path: Path, changed_ns: int) -> PageFile:
    """A file, read, compressed and hashed."""
    content = path.read_bytes()
    packed = b"" if path.suffix in PACKED_ALREADY else gzip.compress(content, 9, mtime=0)
    smaller = packed if len(packed) < len(content) else b""
    return PageFile(content, smaller, TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:20], changed_ns)
