"""Files that appear whole or not at all: they are written beside their place and take their name when they are done."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keruen.errors import UnknownOption
from keruen.tables.words import said

_asking = threading.Lock()


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A new file beside the target to write into; it takes the target's name when the block ends well, else it goes.

    Raises:
        UnknownOption: the target is a folder.
    """
    if target.is_dir():
        raise UnknownOption(said("err_is_folder", path=target))
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o666 & ~_umask())
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def _umask() -> int:
    """The permissions that new files are not given; a temporary file has fewer than that."""
    with _asking:  # it can be read only by setting it, and is one for all threads
        mask = os.umask(0o077)
        os.umask(mask)
    return mask
