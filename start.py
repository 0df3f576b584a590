#!/usr/bin/env python3
"""Set up everything Keruen needs in `.venv` beside this file, then run it. Needs Python 3.11 or newer and nothing else.

python3 start.py                     route Hai Phong to Duisburg; print the corridors, draw them into corridors.png
python3 start.py test                run the tests
python3 start.py serve               open the workspace in the browser
python3 start.py ANY KERUEN COMMAND  e.g.  python3 start.py route Almaty Rotterdam
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
MAIN_JOB = ["route", "VNHPH", "DEDUI", "--map", "corridors.png"]


def fingerprint() -> str:
    """What the installation depends on: a change of any of these files installs again."""
    files = [HERE / "pyproject.toml", HERE / "requirements.lock", HERE / "hatch_build.py"]
    files += sorted((HERE / "keruen").glob("*/*.[ch]"))
    return hashlib.sha256(b"".join(f.read_bytes() for f in files if f.exists())).hexdigest()


def install() -> None:
    """Create the environment once; the stamp is written last, so that an interrupted run starts over."""
    stamp = VENV / "keruen-installed"
    wanted = fingerprint()
    if stamp.exists() and stamp.read_text() == wanted and PYTHON.exists():
        return
    if sys.version_info < (3, 11):  # noqa: UP036  (an older Python must get a sentence, not a traceback)
        sys.exit(f"Keruen needs Python 3.11 or newer; this is {sys.version.split()[0]}. Run it with a newer python3.")
    print("Setting up .venv (once; one or two minutes) ...", file=sys.stderr, flush=True)
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], stdout=sys.stderr).returncode != 0:
        sys.exit("Could not create .venv. On Debian and Ubuntu: apt install python3-venv, then run this again.")
    # --no-compile: byte-compiling the network data package takes a minute and gigabytes, and nothing imports it;
    # all else is compiled here once, since an environment that may write no bytecode would compile it at each start
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    steps = [["-r", str(HERE / "requirements.lock")], ["--no-deps", "--editable", str(HERE)]]
    for step in steps:
        if subprocess.run(pip + step, stdout=sys.stderr).returncode != 0:
            sys.exit(
                "Installation failed (see above). Check the connection to the package registry and run this again."
            )
    compiled = ["-m", "compileall", "-q", "-j", "0", "-x", "scgraph_data", str(VENV), str(HERE / "keruen")]
    subprocess.run([str(PYTHON), *compiled], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stamp.write_text(wanted)


def run_tests(arguments: list[str]) -> int:
    """pytest with the arguments given; without any, all tests: those that measure time alone, then the rest on all cores."""
    pytest = [str(PYTHON), "-m", "pytest"]
    if arguments:
        return subprocess.run(pytest + arguments, cwd=HERE).returncode
    subprocess.run([str(PYTHON), "-m", "keruen", "network", "build"], cwd=HERE)  # once, not by each worker
    alone = subprocess.run([*pytest, "-m", "alone"], cwd=HERE).returncode
    side_by_side = ["-m", "not alone", "-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
    return subprocess.run([*pytest, *side_by_side], cwd=HERE).returncode or alone


def main() -> int:
    arguments = sys.argv[1:]
    if arguments in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    install()
    if arguments[:1] == ["test"]:
        return run_tests(arguments[1:])
    return subprocess.run([str(PYTHON), "-m", "keruen", *(arguments or MAIN_JOB)]).returncode


if __name__ == "__main__":
    sys.exit(main())
