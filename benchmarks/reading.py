"""How fast and how well texts are read: kilobytes of UTF-8 a second of one processor in three languages, and F1 over slots.

    python benchmarks/reading.py [--seconds 10]

The text mixes every sentence of tests/figures/sentences.tsv with sentences that state no figure, as news does, and is made again and
again with other numbers, so that nothing but words is remembered. The lexicons are loaded first; what that takes is told apart. Then how
well they are read: F1 over slots of those sentences and of the published claims put in words.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import sys
import time
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HOUSE), str(HOUSE / "tests" / "figures")]

from scoring import SENTENCES, f1_of_published, f1_of_sentences  # noqa: E402

from keruen.figures import read_text  # noqa: E402
from keruen.figures.lexicon import lexicon  # noqa: E402

FILLER = {
    "ru": "Стороны обсудили перспективы сотрудничества в сфере транспорта и отметили важность дальнейшего развития отношений.",
    "en": "The sides discussed prospects of cooperation in transport and noted the importance of further development of relations.",
    "kk": "Тараптар көлік саласындағы ынтымақтастық келешегін талқылап, қарым-қатынасты дамытудың маңызын атап өтті.",
}


def text_of(lang: str, rows: list[dict[str, str]], chance: random.Random, size: int) -> str:
    """A text of a language of about `size` bytes, a figure sentence to every one without, its digits drawn anew."""
    pieces: list[str] = []
    length = 0
    while length < size:
        sentence = re.sub(r"\d(?=\d*[.,]\d)", lambda _: str(chance.randint(1, 9)), chance.choice(rows)["text"])
        pieces.append(f"{sentence} {FILLER[lang]}")
        length += len(pieces[-1].encode())
        if chance.random() < 0.3:
            pieces.append("\n")
    return "\n".join(pieces)


def reading_speed(lang: str, seconds: float) -> tuple[float, int, int]:
    """Kilobytes of UTF-8 a second of one processor, claims and bytes read, from texts of a language for so many seconds."""
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        own = [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["lang"] == lang]
    chance = random.Random(1)
    read_text(text_of(lang, own, chance, 20_000))
    size = claims = 0
    spent = 0.0
    while spent < seconds:
        text = text_of(lang, own, chance, 50_000)
        start = time.process_time()
        reading = read_text(text)
        spent += time.process_time() - start
        size += len(text.encode())
        claims += len(reading.claims)
    return size / spent / 1000, claims, size


def main() -> None:
    """Prints a line for each language, then F1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to read in each language")
    seconds = parser.parse_args().seconds
    start = time.process_time()
    for lang in FILLER:
        lexicon(lang)
    print(f"lexicons loaded in {time.process_time() - start:.2f} s")
    for lang in FILLER:
        kb_s, claims, size = reading_speed(lang, seconds)
        print(f"{lang}: {kb_s:.0f} kB/s ({claims} claims in {size / 1000:.0f} kB)")
    for name, (score, sentences) in (f1_of_sentences() | f1_of_published()).items():
        print(f_line(name, score, sentences))


def f_line(name: str, score: float, sentences: int) -> str:
    """F1 of a set of sentences in a line."""
    return f"F1 over slots, {name}: {score:.4f} ({sentences} sentences)"


if __name__ == "__main__":
    main()
