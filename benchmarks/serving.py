"""Load run against `keruen serve`, a process of its own on this machine: `python benchmarks/serving.py --clients 32 --seconds 60`.

Each client does what a page does, one request after the other: it types two places, asks the ways between them as the page does (a stream),
opens sources, looks at tables and map tiles. The pairs of places are those of PAIRS with weights of 1 to MOST_TONNES tonnes, so that of the
answers some are known already and some are worked out; `first ways` is the time until a stream has ways to draw. An error is any status
but 200, a stream that does not end with an answer, or a broken connection. Printed are requests, errors, latency (p50, p95, p99, most)
by kind of request, and the server's memory.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode

PAIRS = [
    ("VNHPH", "DEDUI"), ("CNXAG", "DEDUI"), ("Almaty", "Rotterdam"), ("CNSHA", "NLRTM"), ("Tashkent", "Poti"), ("Karaganda", "NLRTM"),
    ("Шанхай", "Москва"), ("CNCTU", "PLMAA"), ("Baku", "Constanta"), ("INNSA", "RUMOW"), ("Ulaanbaatar", "Hamburg"), ("Актау", "Мерсин"),
]  # fmt: skip
MOST_TONNES = 4
WORDS = ("Almaty", "Хоргос", "Rotterdam", "Duisburg", "Шанхай", "Tashkent")
FIGURES = ("tariffs:rail/KZ/feu", "Khorgos", "keruen_assumption")
BASE = "/api/v1"
FIRST = "first ways"  # the part of a stream until ways can be drawn; no request of its own


def main() -> None:
    """Start a server, load it, print what was seen."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--clients", type=int, default=32)
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as workspace:
        process, port = started(Path(workspace))
        try:
            before_mb = memory_mb(process.pid)
            seen = load(port, options.clients, options.seconds, options.seed)
            told(seen, options.seconds, before_mb, memory_mb(process.pid))
        finally:
            process.send_signal(signal.SIGINT)
            code = process.wait(30)
    print(f"the server ended with exit code {code}")


def started(workspace: Path) -> tuple[subprocess.Popen[str], int]:
    """The server, and its port."""
    command = [sys.executable, "-m", "keruen", "serve", "--port", "0", "--no-open", "--workspace", str(workspace)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"http://[^:]+:(\d+)/", line):
            threading.Thread(
                target=lambda: [sys.stderr.write(line) for line in process.stderr or ()], daemon=True
            ).start()
            print(f"started in {time.perf_counter() - began:.2f} s")
            return process, int(found[1])
    raise SystemExit("the server did not start")


class Seen:
    """What the clients saw: seconds by kind of request, and errors."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.errors: Counter[str] = Counter()
        self.bytes = 0
        self.lock = threading.Lock()

    def note(self, kind: str, seconds: float, size: int, error: str) -> None:
        """One request."""
        with self.lock:
            self.seconds[kind].append(seconds)
            self.bytes += size
            if error:
                self.errors[f"{kind}: {error}"] += 1

    def first(self, began: float) -> None:
        """The first ways of a stream that was asked for then."""
        with self.lock:
            self.seconds[FIRST].append(time.perf_counter() - began)


def load(port: int, clients: int, seconds: float, seed: int) -> Seen:
    """So many clients for so long."""
    seen, end = Seen(), time.monotonic() + seconds
    threads = [
        threading.Thread(target=client, args=(port, end, random.Random(seed * 1000 + n), seen)) for n in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def client(port: int, end: float, dice: random.Random, seen: Seen) -> None:
    """One client: sessions until the time is over."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=180)
    while time.monotonic() < end:
        for kind, path in session(dice):
            if time.monotonic() >= end:
                break
            began = time.perf_counter()
            size, error = 0, ""
            try:
                line.request("GET", path, headers={"Accept-Encoding": "gzip"})
                answer = line.getresponse()
                body = b"".join(lines_of(answer, partial(seen.first, began)))
                size = len(body)
                body = gzip.decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body
                if answer.status != 200:
                    error = f"{answer.status} {json.loads(body).get('error', {}).get('kind', '')}"
                elif kind == "route" and b"event: answer" not in body:
                    error = "a stream that ends with " + body.rpartition(b"data: ")[2][:100].decode("utf-8", "replace")
            except (OSError, http.client.HTTPException, ValueError) as problem:
                error = type(problem).__name__
                line.close()
            seen.note(kind, time.perf_counter() - began, size, error)
    line.close()


def lines_of(answer: http.client.HTTPResponse, see: Callable[[], None]) -> Iterator[bytes]:
    """The lines of an answer; `see` is called when the first ways of a stream can be drawn."""
    drawn = False
    while line := answer.readline():
        if line.startswith((b"event: early", b"event: answer")):
            first, drawn = not drawn, True
            yield line
            yield answer.readline()  # the ways themselves
            if first:
                see()
        else:
            yield line
    yield answer.read()  # the end of what comes in chunks


def session(dice: random.Random) -> list[tuple[str, str]]:
    """What one visit asks, as kinds and paths."""
    origin, destination = dice.choice(PAIRS)
    question = urlencode({"from": origin, "to": destination, "tonnes": dice.randint(1, MOST_TONNES)})
    word, z = dice.choice(WORDS), dice.randint(2, 5)
    typed = [("places", f"{BASE}/places?q={quote(word[:n])}") for n in range(1, len(word) + 1)]
    tiles = [
        ("tile", f"{BASE}/map/{part}/{z}/{dice.randrange(1 << z)}/{dice.randrange(1 << z)}.mvt")
        for part in ("ground", "network")
        for _ in range(6)
    ]
    return [
        ("page", "/"),
        *tiles,
        ("options", f"{BASE}/options"),
        *typed,
        ("route", f"{BASE}/route/stream?{question}"),
        ("sources", f"{BASE}/sources?figure={quote(dice.choice(FIGURES))}"),
        ("table", f"{BASE}/tables/borders?q=KZ"),
        ("search", f"{BASE}/search?q=dwell"),
    ]


def told(seen: Seen, seconds: float, before_mb: float | None, after_mb: float | None) -> None:
    """Print what was seen."""
    every = [one for kind, found in seen.seconds.items() if kind != FIRST for one in found]
    errors = sum(seen.errors.values())
    print(
        f"{len(every):,} requests in {seconds:g} s, {errors} errors, {seen.bytes / 1e6:,.1f} MB; load {os.getloadavg()[0]:.1f}"
    )
    for name, count in seen.errors.most_common():
        print(f"  {count} x {name}")
    print(f"{'':>10} {'requests':>9} {'p50 ms':>9} {'p95 ms':>9} {'p99 ms':>9} {'most ms':>9}")
    for kind, found in (*sorted(seen.seconds.items()), ("all", every)):
        cuts = statistics.quantiles(found, n=100, method="inclusive") if len(found) > 1 else found * 99
        print(
            f"{kind:>10} {len(found):>9,} "
            + " ".join(f"{1000 * one:>9.1f}" for one in (cuts[49], cuts[94], cuts[98], max(found)))
        )
    if before_mb is not None and after_mb is not None:
        print(f"memory of the server: {before_mb:.0f} MB at the start, {after_mb:.0f} MB at the end")


def memory_mb(process: int) -> float | None:
    """Resident memory of a process in MB; None where the system does not say."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
