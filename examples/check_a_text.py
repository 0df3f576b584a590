"""Do the figures of a text hold? Each is held against the others of the text and against what is on record.

python examples/check_a_text.py [FILE ...]        without a file: a paragraph of our own with four mistakes in it
"""

from __future__ import annotations

import sys
from pathlib import Path

import keruen
from keruen.figures.audit import audit
from keruen.reports.audit_text import audit_text

PARAGRAPH = """\
Trade between Kazakhstan and Vietnam grew by 58%

In 2023 trade between Kazakhstan and Vietnam grew by 85.4% to $979.2 million from $528.3 million in 2022.
Exports amounted to $180.2 million (+44.1%), imports to $799 million (+98%).
In 2021 Kazakhstan's exports to Turkey rose by 20.5% to $1.1 billion.
In 2024 the trade turnover of Kazakhstan and China amounted to $43.8 billion.
In 2019 Kazakhstan produced 21.8 tonnes of uranium.
"""


def main(texts: list[str]) -> None:
    """Read each text, audit its claims, print what was found."""
    data = keruen.load()
    for text in texts:
        print(audit_text(data, audit(data, text)))


if __name__ == "__main__":
    main([Path(name).read_text(encoding="utf-8") for name in sys.argv[1:]] or [PARAGRAPH])
