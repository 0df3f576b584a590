"""Where should plants stand from lithium to battery cells, for the car makers of Europe and Vietnam? One period, to a gap of 5 %.

python examples/lithium_study.py
"""

import keruen
from keruen.materials.siting import best_plan
from keruen.materials.siting_study import StudyTerms, lithium_study
from keruen.materials.siting_words import compared, shares

data = keruen.load()
study = lithium_study(data, StudyTerms(periods=1))
plan = best_plan(study.problem, gap=0.05, seconds=60)
print(f"{plan.cost / 1e9:.1f} billion USD, at most {plan.gap:.1%} above the best; {len(study.left_out)} sites left out")
for row in shares(study, plan):
    print(f"{row.recipe:28} {row.country}  {row.share:4.0%}  {row.plants} plants")

wide = lithium_study(data, StudyTerms(periods=1, nearest=10_000))
for one in compared(data, wide, [("KZ", "HU")], "de_munich"):
    print(
        f"{one.mine.good}: from {one.mine.country} {one.mine.usd:.2f}, from {one.other.country} {one.other.usd:.2f} USD/kWh"
    )
    for even in one.break_evens:
        print(f"  equal at {even.what} of {even.then:.3g} {even.unit} in {even.country} instead of {even.now:.3g}")
