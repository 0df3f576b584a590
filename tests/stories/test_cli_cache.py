"""The stored network: damaged, cut short, shared by two, or nowhere to be put.

build -> .draft/ -> rename -> world-<hash>/           whole or not there at all
"""

from __future__ import annotations

import json
import os
import pkgutil
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command_line import RunCli, command_of, environment

import keruen.network.build
import keruen.routing.matrix
from keruen.network.build import open_world
from keruen.network.cache import cached, load_arrays, save_arrays
from keruen.tables.dataset import Dataset

ASKED = ("route", "VNHPH", "DEDUI", "--fastest")


@pytest.fixture
def cache(tmp_path: Path, world_data: Dataset, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own that holds the built network; its files are linked, so a test must replace and not change them."""
    good = open_world(world_data).folder
    folder = tmp_path / "cache" / good.name
    shutil.copytree(good, folder, copy_function=link)
    monkeypatch.setenv("KERUEN_CACHE", str(folder.parent))
    built = load_arrays(good)
    monkeypatch.setattr(keruen.network.build, "build_arrays", lambda data, progress: built)
    return folder


@pytest.fixture
def quick_hierarchy(world_data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Building a hierarchy gives the one of the built network, without the seconds it takes."""
    made = keruen.routing.matrix.world_hierarchy(open_world(world_data))
    monkeypatch.setattr(keruen.routing.matrix, "build_hierarchy", lambda *_: made)


@pytest.fixture
def no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder that does not exist yet."""
    monkeypatch.setenv("KERUEN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def link(source: str, target: str) -> None:
    """A second name for a file, or a copy where the system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)


def replace(path: Path, edit: Callable[[bytes], bytes]) -> None:
    """A new file with changed bytes in place of another."""
    raw = edit(path.read_bytes())
    path.unlink()
    path.write_bytes(raw)


def flipped(raw: bytes) -> bytes:
    """One bit changed in the middle."""
    middle = len(raw) // 2
    return raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]


def manifest_without(*keys: str) -> Callable[[bytes], bytes]:
    """An edit of the manifest that leaves something out."""

    def edit(raw: bytes) -> bytes:
        manifest = json.loads(raw)
        place: Any = manifest
        for key in keys[:-1]:
            place = place[key]
        del place[keys[-1]]
        return json.dumps(manifest).encode()

    return edit


# file, edit (None: the file goes), what the error must say
DAMAGES: list[tuple[str, Callable[[bytes], bytes] | None, str]] = [
    ("graph_head.npy", None, "graph_head.npy is missing"),
    ("graph_head.npy", lambda raw: raw[:-5], "bytes instead of"),
    ("graph_head.npy", lambda raw: b"", "has 0 bytes instead of"),
    ("graph_arc_km.npy", flipped, "graph_arc_km.npy does not match its checksum"),
    ("names_name_utf8.npy", flipped, "names_name_utf8.npy does not match its checksum"),
    ("manifest.json", None, "manifest.json cannot be read"),
    ("manifest.json", lambda raw: b"", "manifest.json cannot be read"),
    ("manifest.json", lambda raw: raw[: len(raw) // 2], "manifest.json cannot be read"),
    ("manifest.json", lambda raw: b"\x80" + raw, "manifest.json cannot be read"),
    ("manifest.json", lambda raw: b"[]", "manifest.json cannot be read"),
    ("manifest.json", manifest_without("about"), "manifest.json cannot be read"),
    ("manifest.json", lambda raw: b'{"about": {}, "arrays": []}', "manifest.json cannot be read"),
    ("manifest.json", lambda raw: b'{"about": null, "arrays": {}}', "manifest.json cannot be read"),
    ("manifest.json", lambda raw: b'{"about": {}, "arrays": {"graph_head": 5}}', "manifest.json cannot be read"),
    ("manifest.json", manifest_without("arrays", "graph_head"), "does not list the arrays of a network"),
    ("manifest.json", manifest_without("arrays", "names_code_utf8"), "does not list the arrays of a network"),
    ("manifest.json", manifest_without("arrays"), "manifest.json cannot be read"),
]


@pytest.mark.world
@pytest.mark.parametrize(("file", "edit", "message"), DAMAGES)
def test_a_damaged_network_is_named_and_repaired_by_force(
    cache: Path, fresh_cli: RunCli, file: str, edit: Callable[[bytes], bytes] | None, message: str
) -> None:
    if edit is None:
        (cache / file).unlink()
    else:
        replace(cache / file, edit)
    said = fresh_cli(*ASKED)
    assert said.code == 2 and said.out == ""
    assert said.err.startswith("error: The cached world network is damaged: ") and message in said.err
    assert "`keruen network build --force`" in said.err and str(cache) in said.err
    assert fresh_cli("network", "build").code == 2, "a plain build does not look away"
    assert fresh_cli(*ASKED, "--json").error["kind"] == "damaged_cache"
    built = fresh_cli("network", "build", "--force")
    assert built.code == 0 and str(cache) in built.out and "Building" in built.err
    assert fresh_cli(*ASKED).code == 0
    assert [path.name for path in cache.parent.iterdir()] == [cache.name]


@pytest.mark.world
def test_a_file_in_place_of_the_folder_is_damage_too(cache: Path, fresh_cli: RunCli) -> None:
    shutil.rmtree(cache)
    cache.write_text("not a folder")
    assert fresh_cli(*ASKED, "--json").error["kind"] == "damaged_cache"
    assert fresh_cli("network", "build", "--force").code == 0 and fresh_cli(*ASKED).code == 0


@pytest.mark.world
@pytest.mark.usefixtures("quick_hierarchy")
def test_a_damaged_hierarchy_is_named_and_repaired_by_force(cache: Path, fresh_cli: RunCli) -> None:
    asked = ("matrix", "VNHPH", "--to", "DEDUI")
    first = fresh_cli(*asked)
    (kept,) = (path for path in cache.parent.iterdir() if path != cache)
    assert first.code == 0 and "hierarchy" in kept.name
    replace(max(kept.glob("*.npy"), key=lambda path: path.stat().st_size), flipped)
    said = fresh_cli(*asked)
    assert said.code == 2 and "does not match its checksum" in said.err and "`keruen network build --force`" in said.err
    assert fresh_cli("network", "build", "--force").code == 0 and not kept.exists()
    assert fresh_cli(*asked) == first


# Interrupted


def stop(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_build_that_is_stopped_leaves_nothing(
    no_cache: Path, fresh_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keruen.network.world.build_gazetteer", stop)
    said = fresh_cli(*ASKED)
    assert (
        said.code == 130 and said.out == "" and said.err.rstrip().endswith("Stopped.") and "Traceback" not in said.err
    )
    assert list(no_cache.iterdir()) == []


@pytest.mark.world
@pytest.mark.parametrize(("step", "last"), [("np.save", 5), ("checksum", 5), ("Path.rename", 1)])
@pytest.mark.parametrize(("trouble", "code"), [(KeyboardInterrupt(), 130), (OSError(28, "No space left on device"), 2)])
def test_a_save_that_fails_leaves_nothing(
    cache: Path,
    fresh_cli: RunCli,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    last: int,
    trouble: BaseException,
    code: int,
) -> None:
    shutil.rmtree(cache)
    module, _, attribute = f"keruen.network.cache.{step}".rpartition(".")
    real, calls = getattr(pkgutil.resolve_name(module), attribute), 0

    def fail_at_last(*words: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == last:
            raise trouble
        return real(*words, **more)

    with monkeypatch.context() as patch:
        patch.setattr(f"{module}.{attribute}", fail_at_last)
        said = fresh_cli("network", "build")
    assert calls and said.code == code and said.out == "" and "Traceback" not in said.err
    if code == 2:
        assert f"cannot be kept in {cache.parent}: No space left on device" in said.err and "KERUEN_CACHE" in said.err
    assert list(cache.parent.iterdir()) == [], "nothing half-made, and no draft"
    assert fresh_cli("network", "build").code == 0 and fresh_cli(*ASKED).code == 0


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not sent on Windows")
def test_a_real_build_that_is_stopped_ends_quietly(no_cache: Path, sent: signal.Signals, code: int) -> None:
    process = subprocess.Popen(
        command_of(*ASKED), env=environment({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored where the tests run in the background
    )  # fmt: skip
    assert process.stderr and "Building the world network" in process.stderr.readline()
    process.send_signal(sent)
    out, err = process.communicate(timeout=60)
    assert process.returncode == code and out == "" and "Traceback" not in err
    assert list(no_cache.iterdir()) == []


def test_a_draft_left_by_a_killed_build_is_not_taken_for_a_network(tmp_path: Path) -> None:
    folder = tmp_path / "world-1"
    draft = tmp_path / ".world-1-abc"
    draft.mkdir()
    (draft / "head.npy").write_bytes(b"half")
    save_arrays(folder, {"head": np.arange(5)}, {})
    assert load_arrays(folder)[0]["head"].tolist() == [0, 1, 2, 3, 4]


# Two at once


def test_two_processes_that_build_the_same_network_get_one(tmp_path: Path) -> None:
    """Both find nothing, both build, both save at the same moment; each opens the one that was first."""
    script = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        import numpy as np
        from keruen.network.cache import cached
        root, me = Path(sys.argv[1]), sys.argv[2]
        for turn in range(20):
            def build():
                (root / f"{turn}-{me}").touch()
                while len(list(root.glob(f"{turn}-?"))) < 2:
                    time.sleep(0.001)
                return {"head": np.arange(100_000), "tail": np.arange(10)}, {"turn": turn}
            arrays, about = cached(root / f"world-{turn}", build)
            assert about == {"turn": turn} and arrays["head"][-1] == 99_999 and len(arrays) == 2
    """)
    run = [sys.executable, "-c", script, str(tmp_path)]
    both = [subprocess.Popen([*run, me], env=environment({}), stderr=subprocess.PIPE, text=True) for me in "ab"]
    ends = [(process.communicate(timeout=60)[1], process.returncode) for process in both]
    assert ends == [("", 0), ("", 0)]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == sorted(
        f"world-{turn}" for turn in range(20)
    )


# Nowhere to put it


@pytest.mark.parametrize("where", ["a_file", "a_file/cache"])
def test_a_cache_that_cannot_be_is_told_before_a_minute_is_spent(
    fresh_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    (tmp_path / "a_file").write_text("")
    monkeypatch.setenv("KERUEN_CACHE", str(tmp_path / where))
    monkeypatch.setattr("keruen.network.build.build_arrays", lambda *_: pytest.fail("built for nothing"))
    said = fresh_cli(*ASKED)
    assert said.code == 2 and said.err.count("\n") == 1
    assert (
        f"cannot be kept in {tmp_path / where}: " in said.err
        and "Set the environment variable KERUEN_CACHE" in said.err
    )
    assert fresh_cli(*ASKED, "--json").error["kind"] == "file"


def test_a_read_only_cache_is_told_before_a_minute_is_spent(
    fresh_cli: RunCli, no_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied", str(no_cache))

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)  # an administrator may write into any folder
    monkeypatch.setattr("keruen.network.build.build_arrays", lambda *_: pytest.fail("built for nothing"))
    said = fresh_cli(*ASKED)
    assert said.code == 2 and f"cannot be kept in {no_cache}: Permission denied." in said.err


@pytest.mark.world
@pytest.mark.usefixtures("quick_hierarchy")
def test_a_read_only_cache_that_holds_the_network_serves(
    cache: Path, fresh_cli: RunCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied", str(cache.parent / ".draft"))

    monkeypatch.setattr("keruen.network.cache.tempfile.mkdtemp", refuse)
    assert fresh_cli(*ASKED).code == 0
    said = fresh_cli("matrix", "VNHPH", "--to", "DEDUI")
    assert said.code == 2 and f"cannot be kept in {cache.parent}: Permission denied." in said.err


@pytest.mark.skipif(os.name == "nt", reason="the home of a Windows user is not $HOME")
def test_a_home_that_cannot_be_written(spawn_cli: RunCli, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    said = spawn_cli(*ASKED, env={"HOME": str(tmp_path / "home"), "KERUEN_CACHE": None, "XDG_CACHE_HOME": None})
    assert said.code == 2 and said.out == "" and "Traceback" not in said.err
    assert "cannot be kept in" in said.err and "KERUEN_CACHE" in said.err


# ------------------------------------------------------------------------------------------------------- what is left over


def made(root: Path, name: str, age_h: float) -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "array.npy").write_bytes(b"x")
    then = time.time() - age_h * 3600
    os.utime(folder, (then, then))
    return folder


def test_a_build_removes_drafts_of_killed_builds_that_are_older_than_a_day(tmp_path: Path) -> None:
    old, new = made(tmp_path, ".world-0123456789abcdef-old1", 25), made(tmp_path, ".world-0123456789abcdef-new1", 1)
    foreign, other = made(tmp_path, ".git-keep", 100), made(tmp_path, "world-fedcba9876543210", 100)
    cached(tmp_path / "world-0123456789abcdef", lambda: ({"one": np.ones(1)}, {}))
    assert not old.exists()
    assert new.exists() and foreign.exists() and other.exists()


def test_network_clean_removes_other_networks_and_keeps_the_current_one(run_cli: RunCli, cache: Path) -> None:
    other = made(cache.parent, "world-fedcba9876543210", 1)
    worked_out = made(cache.parent, f"{other.name}-hierarchy-abcdef01", 1)
    mine = made(cache.parent, f"{cache.name}-hierarchy-abcdef01", 1)
    foreign = made(cache.parent, "world-atlas", 1)
    told = run_cli("network", "clean")
    assert told.code == 0 and str(other) in told.out
    assert not other.exists() and not worked_out.exists()
    assert cache.exists() and mine.exists() and foreign.exists()
    again = run_cli("network", "clean")
    assert again.code == 0 and again.out == ""
