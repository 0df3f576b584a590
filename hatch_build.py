"""Builds the kernels: every C file of these rooms becomes one shared library beside them.

    keruen/{routing,flows}/*.c, *.h   ->   keruen/routing/_kernels.so | .dylib | .dll

The compiler is what KERUEN_CC says, else the one in the package `ziglang` (which makes the build the same everywhere
and needs nothing installed), else the system's cc. The library is loaded by ctypes and knows no Python, so one wheel
per platform serves every Python 3. Run by pip through hatchling; by hand: `python hatch_build.py`.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:

    class BuildHookInterface:
        """What is used here of hatchling's, which is there only while a package is built."""

        root: str
        target_name: str

else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface
    except ImportError:  # run by hand in an environment without the build tools
        BuildHookInterface = object

SOURCES = tuple(Path("keruen") / room for room in ("routing", "flows"))  # the first holds the library
LIBRARY = "_kernels." + {"win32": "dll", "darwin": "dylib"}.get(sys.platform, "so")
# No -ffast-math: infinities mean closed arcs. No fused multiply-add: the same sums, hence the same routes, everywhere.
FLAGS = ["-std=gnu11", "-O3", "-ffp-contract=off", "-fvisibility=hidden", "-shared"]


class KernelBuildHook(BuildHookInterface):
    """Compiles before a wheel or an editable installation is made, and tags the wheel with the platform."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before each build; a source distribution carries no library."""
        if self.target_name != "wheel":
            return
        library = build_library(Path(self.root))
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform_tag()}"
        build_data["artifacts"].append("/" + library.relative_to(self.root).as_posix())


def build_library(root: Path) -> Path:
    """Compiles the library of the source tree at root unless it is newer than its sources; returns its path.

    Raises RuntimeError if there is no compiler or it fails.
    """
    folder = root / SOURCES[0]
    library = folder / LIBRARY
    sources = sorted(path for room in SOURCES for path in (root / room).glob("*.c"))
    headers = [path for room in SOURCES for path in (root / room).glob("*.h")]
    newest = max(path.stat().st_mtime for path in [*sources, *headers, Path(__file__)])
    if library.exists() and library.stat().st_mtime >= newest:
        return library
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        fresh = Path(scratch) / LIBRARY  # moved into place at the end: a running process may have the old one open
        unix = [] if sys.platform == "win32" else ["-fPIC", "-lm"]
        command = [*compiler(), *FLAGS, "-o", str(fresh), *map(str, sources), *unix]
        try:
            subprocess.run(command, capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise RuntimeError(
                f"the routing kernels do not compile.\n{shlex.join(command)}\n{getattr(error, 'stderr', error)}\n"
                "Set KERUEN_CC to a C11 compiler, for example KERUEN_CC=gcc, and install again."
            ) from error
        os.replace(fresh, library)
    return library


def compiler() -> list[str]:
    """The command that compiles C on this machine. Raises RuntimeError if there is none."""
    if chosen := os.environ.get("KERUEN_CC"):
        return shlex.split(chosen)
    if importlib.util.find_spec("ziglang"):
        # Zig would otherwise use every instruction of this machine's processor, and the wheel fail on an older one.
        return [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline"]
    for name in ("cc", "gcc", "clang"):
        if found := shutil.which(name):
            return [found]
    raise RuntimeError("no C compiler: install the package ziglang, or set KERUEN_CC to a C11 compiler")


def platform_tag() -> str:
    """The platform part of a wheel's name, after PEP 425: linux_x86_64, macosx_11_0_arm64, win_amd64."""
    if sys.platform == "darwin":
        return f"macosx_11_0_{platform.machine()}"
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")


if __name__ == "__main__":
    build_library(Path(__file__).parent)
