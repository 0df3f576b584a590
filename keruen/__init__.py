"""Keruen (Kazakh: caravan): planning of trade corridors and critical-material supply chains.

    import keruen
    data = keruen.load()
    print(keruen.route(data, "VNHPH", "DEDUI"))

The public verbs, re-exported; each is imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from keruen.flows.assignment import assign as assign
    from keruen.flows.base_case import base_demand as base_demand
    from keruen.materials.assess import assess as assess
    from keruen.materials.exposure import exposure as exposure
    from keruen.materials.risk import supply_risk as supply_risk
    from keruen.network.build import open_world as open_world
    from keruen.reports.brief import brief as brief
    from keruen.reports.brief import write_brief as write_brief
    from keruen.routing.accuracy import accuracy as accuracy
    from keruen.routing.compare import compare as compare
    from keruen.routing.matrix import matrix as matrix
    from keruen.routing.route import route as route
    from keruen.routing.shipment import Shipment as Shipment
    from keruen.stress.ensemble import ensemble as ensemble
    from keruen.tables.check import check as check
    from keruen.tables.dataset import Dataset as Dataset
    from keruen.tables.dataset import load as load
    from keruen.tables.scenario import Scenario as Scenario
    from keruen.tables.scenario import read_scenario as read_scenario
    from keruen.tables.scenario import shipped_scenarios as shipped_scenarios
    from keruen.tables.trace import trace as trace
    from keruen.trade.concentration import hhi as hhi
    from keruen.trade.concentration import rca as rca
    from keruen.trade.gravity import ppml as ppml

_HOMES = {
    "Dataset": "keruen.tables.dataset",
    "Scenario": "keruen.tables.scenario",
    "Shipment": "keruen.routing.shipment",
    "accuracy": "keruen.routing.accuracy",
    "assess": "keruen.materials.assess",
    "assign": "keruen.flows.assignment",
    "base_demand": "keruen.flows.base_case",
    "brief": "keruen.reports.brief",
    "check": "keruen.tables.check",
    "compare": "keruen.routing.compare",
    "ensemble": "keruen.stress.ensemble",
    "exposure": "keruen.materials.exposure",
    "hhi": "keruen.trade.concentration",
    "load": "keruen.tables.dataset",
    "matrix": "keruen.routing.matrix",
    "open_world": "keruen.network.build",
    "ppml": "keruen.trade.gravity",
    "rca": "keruen.trade.concentration",
    "read_scenario": "keruen.tables.scenario",
    "route": "keruen.routing.route",
    "shipped_scenarios": "keruen.tables.scenario",
    "supply_risk": "keruen.materials.risk",
    "trace": "keruen.tables.trace",
    "write_brief": "keruen.reports.brief",
}
__all__ = [
    "Dataset",
    "Scenario",
    "Shipment",
    "accuracy",
    "assess",
    "assign",
    "base_demand",
    "brief",
    "check",
    "compare",
    "ensemble",
    "exposure",
    "hhi",
    "load",
    "matrix",
    "open_world",
    "ppml",
    "rca",
    "read_scenario",
    "route",
    "shipped_scenarios",
    "supply_risk",
    "trace",
    "write_brief",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"keruen has no {name!r}; it has {', '.join(_HOMES)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
