"""Published optima of facility location: OR-Library (Beasley 1988), Holmberg et al. 1999, two-stage of Fernandes et al. 2014.

The instances are read from ../shared/data/external/facility-location and never shipped.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from facility_instances import holmberg, or_library, two_stage

from keruen.materials.siting import best_plan
from keruen.materials.siting_problem import SitingProblem

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "external" / "facility-location"
CASES: list[tuple[Callable[[Path], SitingProblem], str, float]] = [
    (or_library, "or-library/cap41.txt", 1_040_444.375),
    (or_library, "or-library/cap71.txt", 932_615.750),
    (or_library, "or-library/cap72.txt", 977_799.400),
    (or_library, "or-library/cap101.txt", 796_648.438),
    (or_library, "or-library/cap131.txt", 793_439.562),
    (or_library, "or-library/cap134.txt", 928_941.750),
    (partial(or_library, capacity=1e8), "or-library/capa.txt", 17_156_454.478),  # so large that none is ever full
    (holmberg, "or-library/sscflp_p1", 932_615.75),
    (holmberg, "or-library/sscflp_p2", 977_799.40),
    (holmberg, "or-library/sscflp_p3", 1_014_099.61),
    (holmberg, "or-library/sscflp_p4", 1_053_197.44),
    (holmberg, "holmberg/p1", 8_848),
    (holmberg, "holmberg/p2", 7_913),
    (holmberg, "holmberg/p3", 9_314),
    (holmberg, "holmberg/p4", 10_714),
    (holmberg, "holmberg/p5", 8_838),
    (holmberg, "holmberg/p6", 7_777),
    (two_stage, "two-stage/PSC1-C1-50.txt", 722_178),
]


@pytest.mark.parametrize(("read", "name", "optimum"), CASES, ids=[name for _, name, _ in CASES])
def test_a_published_optimum_is_found_and_proven(
    read: Callable[[Path], SitingProblem], name: str, optimum: float
) -> None:
    if not (FOLDER / name).exists():
        pytest.skip(f"{name} is not in ../shared/data/external/facility-location")
    plan = best_plan(read(FOLDER / name), gap=1e-6, seconds=120)
    assert plan.cost == pytest.approx(optimum, rel=1e-6)
    assert plan.gap <= 1e-6
