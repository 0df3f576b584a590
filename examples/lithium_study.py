"""Where should plants stand from lithium to battery cells, for the car makers of Europe and Vietnam?

    python examples/lithium_study.py [--few]       a plan of ten years within 2 %; --few: of two years, within 5 %

Tells the plan with how far it is from the best at most, what the place of a Kazakh deposit changes (it is known to 150 km), and when
cells made in Kazakhstan would cost what those of Hungary, Germany and Vietnam do, at a market of Europe and one of Vietnam.
"""

from __future__ import annotations

import sys

import keruen
from keruen.materials.siting import best_plan
from keruen.materials.siting_cases import on_the_rim
from keruen.materials.siting_study import StudyTerms, lithium_study
from keruen.materials.siting_words import compared
from keruen.reports.siting_choice_text import rim_text
from keruen.reports.siting_text import compare_text, plan_text

DEPOSIT = "kz_east_pegmatites"
RIVALS = {"de_munich": ("HU", "DE"), "vn_hai_phong": ("VN",)}


def main(is_few: bool) -> None:
    """Print plan, circle and break-evens."""
    data = keruen.load()
    study = lithium_study(data, StudyTerms(periods=1 if is_few else 5))
    plan = best_plan(study.problem, gap=0.05 if is_few else 0.02, seconds=60 if is_few else 600)
    print(plan_text(data, study, plan))
    print(rim_text(data, DEPOSIT, on_the_rim(data, study, plan, DEPOSIT, points=2 if is_few else 6)))
    wide = lithium_study(data, StudyTerms(periods=1, nearest=10_000))
    for market, rivals in RIVALS.items():
        print(compare_text(data, compared(data, wide, [("KZ", rival) for rival in rivals], market)))


if __name__ == "__main__":
    main("--few" in sys.argv[1:])
