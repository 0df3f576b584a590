"""A file of transport emissions from somebody else: what is wrong with it is told with the place, all of it, and never by a crash."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from toy_world import BOX, route_of, toy

from keruen.errors import UnknownOption
from keruen.reports.emission_text import chain_text, check_text
from keruen.reports.ileap import ileap_document
from keruen.routing.emission_chain import UnknownEmissions
from keruen.routing.emission_check import check_emission_file, check_emissions
from keruen.routing.emissions import transport_chain
from keruen.routing.footprint_reading import ERROR, MOST_PROBLEMS, WARNING
from keruen.routing.route import route
from keruen.routing.shipment import Shipment

Json = dict[str, Any]


def train() -> Json:
    """20 t: a lift at the terminal (0.6 kg per t), 1,000 km by train (25 g per t-km)."""
    return {
        "mass": "20000",
        "shipmentId": "S1",
        "tces": [
            {
                "tceId": "lift", "prevTceIds": [], "hocId": "terminal", "shipmentId": "S1", "mass": "20000",
                "distance": {"actual": "0"}, "transportActivity": "0", "co2eWTW": "12", "co2eTTW": "10",
            },
            {
                "tceId": "train", "prevTceIds": ["lift"], "tocId": "rail", "shipmentId": "S1", "mass": "20000",
                "distance": {"sfd": "1000"}, "transportActivity": "20000", "co2eWTW": "500", "co2eTTW": "300",
            },
        ],
    }  # fmt: skip


def toc() -> Json:
    carriers = [
        {"energyCarrier": name, "relativeShare": share, "emissionFactorWTW": wtw, "emissionFactorTTW": ttw}
        for name, share, wtw, ttw in [("Diesel", "0.6", "3.2", "2.6"), ("Electric", "0.4", "0.5", "0")]
    ]
    return {
        "tocId": "rail", "mode": "Rail", "energyCarriers": carriers, "co2eIntensityWTW": "0.025",
        "co2eIntensityTTW": "0.015", "transportActivityUnit": "tkm",
    }  # fmt: skip


def hoc() -> Json:
    carrier = {"energyCarrier": "Diesel", "relativeShare": "1", "emissionFactorWTW": "3.2", "emissionFactorTTW": "2.6"}
    return {
        "hocId": "terminal", "hubType": "Transshipment", "energyCarriers": [carrier], "co2eIntensityWTW": "0.6",
        "co2eIntensityTTW": "0.5", "hubActivityUnit": "tonnes",
    }  # fmt: skip


def told(document: object, severity: str = ERROR) -> dict[str, str]:
    """Problems of a document: pointer -> message."""
    content = document if isinstance(document, bytes | str) else json.dumps(document)
    found: dict[str, str] = {}
    for problem in check_emissions(content).problems:
        if problem.severity == severity:
            found[problem.pointer] = f"{found.get(problem.pointer, '')} {problem.message}".strip()
    return found


def test_a_good_file_has_no_problems() -> None:
    check = check_emissions(json.dumps([train(), toc(), hoc()]))
    assert check.problems == () and check.passed
    assert (check.elements, check.categories) == (2, 2)


def changed(change: Callable[[Json, Json, Json], object]) -> list[Json]:
    parts = (train(), toc(), hoc())
    change(*parts)
    return list(parts)


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        (lambda s, t, h: s["tces"][1].update(transportActivity="2000"), "/0/tces/1/transportActivity", "20000 kg x 1000 km"),
        (lambda s, t, h: s["tces"][1].update(transportActivity="20000000"), "/0/tces/1/transportActivity", "kilograms"),
        (lambda s, t, h: s["tces"][1].update(co2eWTW="50"), "/0/tces/1/co2eTTW", "more than co2eWTW"),
        (lambda s, t, h: s["tces"][1].update(co2eWTW="400"), "/0/tces/1/co2eWTW", "of TOC \"rail\" = 500 kg"),
        (lambda s, t, h: s["tces"][0].update(co2eWTW="13"), "/0/tces/0/co2eWTW", "of HOC \"terminal\" = 12 kg"),
        (lambda s, t, h: s["tces"][1].update(co2eWTW="500,0"), "/0/tces/1/co2eWTW", "decimal comma"),
        (lambda s, t, h: s["tces"][1].update(co2eWTW=500), "/0/tces/1/co2eWTW", "must be a text like \"500\""),
        (lambda s, t, h: s["tces"][1].update(co2eTTW="-300"), "/0/tces/1/co2eTTW", "negative"),
        (lambda s, t, h: s["tces"][1].update(co2eTTW="3e2"), "/0/tces/1/co2eTTW", "not a decimal number"),
        (lambda s, t, h: s["tces"][1].update(co2eTTW=None), "/0/tces/1/co2eTTW", "not null"),
        (lambda s, t, h: s["tces"][1].update(co2eTTW=[[]]), "/0/tces/1/co2eTTW", "not a list"),
        (lambda s, t, h: s["tces"][1].update(co2eTTW="9" * 5000), "/0/tces/1/co2eTTW", "not a decimal number"),
        (lambda s, t, h: s["tces"][1].update(prevTceIds=["ship"]), "/0/tces/1/prevTceIds", "no such element"),
        (lambda s, t, h: s["tces"][1].update(prevTceIds=["train"]), "/0/tces/1/prevTceIds", "before itself"),
        (lambda s, t, h: s["tces"][0].update(prevTceIds=["train"]), "/0/tces", "circle"),
        (lambda s, t, h: s["tces"][1].update(prevTceIds="lift"), "/0/tces/1/prevTceIds", "list of texts"),
        (lambda s, t, h: s["tces"][1].update(tceId="lift"), "/0/tces/1/tceId", "taken by another"),
        (lambda s, t, h: s["tces"][1].update(shipmentId="S2"), "/0/tces/1/shipmentId", "not that of the shipment"),
        (lambda s, t, h: s["tces"][1].update(mass="40000"), "/0/tces/1/mass", "more than the shipment's"),
        (lambda s, t, h: s["tces"][1].update(hocId="terminal"), "/0/tces/1", "not both"),
        (lambda s, t, h: s["tces"][1].pop("tocId"), "/0/tces/1", "either tocId or hocId"),
        (lambda s, t, h: s["tces"][1].update(distance={}), "/0/tces/1/distance", "actual, sfd or gcd"),
        (lambda s, t, h: s["tces"][1].update(distance="1000"), "/0/tces/1/distance", "must be an object"),
        (lambda s, t, h: s["tces"][0].update(distance={"actual": "5"}), "/0/tces/0/distance/actual", "a hub moves nothing"),
        (lambda s, t, h: s["tces"][1].update(departureAt="yesterday"), "/0/tces/1/departureAt", "UTC"),
        (lambda s, t, h: s["tces"][1].update(origin={"city": "Almaty"}), "/0/tces/1/origin", "country is missing"),
        (lambda s, t, h: s.update(tces=[]), "/0/tces", "is empty"),
        (lambda s, t, h: s.update(tces={}), "/0/tces", "must be a list"),
        (lambda s, t, h: s.update(mass="0"), "/0/mass", "zero"),
        (lambda s, t, h: t.update(mode="Train"), "/1/mode", "none of Road"),
        (lambda s, t, h: t.update(transportActivityUnit="TEUkm"), "/1/transportActivityUnit", "sea and inland waterways"),
        (lambda s, t, h: t.update(loadFactor="1.2"), "/1/loadFactor", "between 0 and 1"),
        (lambda s, t, h: t.update(emptyDistanceFactor="1"), "/1/emptyDistanceFactor", "between 0 and 1"),
        (lambda s, t, h: t.update(energyCarriers=t["energyCarriers"][:1]), "/1/energyCarriers", "add up to 0.6, not to 1"),
        (lambda s, t, h: t["energyCarriers"][0].update(emissionFactorTTW="4"), "/1/energyCarriers/0/emissionFactorTTW", "more than"),
        (lambda s, t, h: t.update(tocId=""), "/1/tocId", "empty"),
        (lambda s, t, h: h.update(hubType="Port"), "/2/hubType", "none of"),
        (lambda s, t, h: h.update(co2eIntensityTTW="0.7"), "/2/co2eIntensityTTW", "more than co2eIntensityWTW"),
    ],
)  # fmt: skip
def test_one_fault_is_told_where_it_is(change: Callable[[Json, Json, Json], object], pointer: str, words: str) -> None:
    found = told(changed(change))
    assert words in found[pointer], found


def test_a_missing_link_is_a_warning() -> None:
    silent, broken = train(), train()
    silent["tces"][1].pop("prevTceIds")
    broken["tces"][1]["prevTceIds"] = []
    assert "order" in told(silent, WARNING)["/tces/1"]
    assert "2 pieces" in told(broken, WARNING)["/tces"]
    assert told(silent) == told(broken) == {}


def test_what_is_unusual_is_a_warning() -> None:
    """A great circle longer than the way, and 25 kg where 25 g per t-km are meant."""
    shipment, category = train(), toc()
    shipment["tces"][1]["distance"] = {"sfd": "1000", "gcd": "1100"}
    assert "gcd 1100 km is longer than sfd 1000 km" in told(shipment, WARNING)["/tces/1/distance"]
    assert "grams" in told(category | {"co2eIntensityWTW": "25"}, WARNING)["/co2eIntensityWTW"]


@pytest.mark.parametrize(("written", "right"), [("160", True), ("80", False)])
def test_a_category_by_the_container(written: str, right: bool) -> None:
    """One box of forty feet is 2 TEU; over 1,000 km at 0.08 kg per TEU-km it emits 160 kg, whatever is in it."""
    shipment = train()
    shipment["tces"][1] |= {
        "packagingOrTrEqType": "Container-FEU", "packagingOrTrEqAmount": "1", "co2eWTW": written, "co2eTTW": "0",
    }  # fmt: skip
    ship = toc() | {
        "mode": "Sea", "transportActivityUnit": "TEUkm", "co2eIntensityWTW": "0.08", "co2eIntensityTTW": "0",
    }  # fmt: skip
    assert (told([shipment, ship, hoc()]) == {}) == right


def test_two_trucks_may_meet_at_the_ship() -> None:
    """Two ways into one element are one chain."""
    shipment = train()
    second = copy.deepcopy(shipment["tces"][0]) | {"tceId": "other"}
    shipment["tces"].insert(1, second)
    shipment["tces"][2]["prevTceIds"] = ["lift", "other"]
    assert told(shipment) == told(shipment, WARNING) == {}


def test_totals_are_those_of_the_elements() -> None:
    footprint = envelope(train())
    assert told(footprint) == told(footprint, WARNING) == {}
    footprint["pcf"] |= {"unitaryProductAmount": "20001", "pCfExcludingBiogenic": "5120", "fossilGhgEmissions": "512.1"}
    assert told(footprint).keys() == {"/pcf/pCfExcludingBiogenic"}  # the others are roundings


def test_an_envelope_has_its_own_faults() -> None:
    footprint = envelope(train()) | {
        "id": "7",
        "productCategoryCpc": "1",
        "companyIds": [],
        "created": "2026-01-01",
        "version": "0",
    }
    footprint["pcf"] |= {
        "declaredUnit": "kilogram",
        "primaryDataShare": "56.85",
        "referencePeriodEnd": "2019-01-01T00:00:00Z",
    }
    footprint["pcf"] |= {"packagingEmissionsIncluded": True}
    footprint["extensions"] *= 2
    assert told(footprint).keys() == {
        "/id", "/productCategoryCpc", "/companyIds", "/created", "/version", "/extensions", "/pcf/primaryDataShare",
        "/pcf/referencePeriodEnd",
    }  # fmt: skip
    assert "/pcf/packagingEmissionsIncluded" in told(footprint, WARNING)
    twice = [envelope(train()), envelope(train())]
    assert told(twice).keys() == {"/1/id"}


def envelope(shipment: Json) -> Json:
    """A shipment in a PACT footprint."""
    return {
        "id": "d9be4477-e351-45b3-acd9-e1da05e6f633", "specVersion": "2.0.0", "version": 0, "created": "2026-01-01T00:00:00Z",
        "status": "Active", "companyName": "C", "companyIds": ["urn:c"], "productDescription": "P",
        "productIds": [f"urn:pathfinder:product:customcode:vendor-assigned:shipment:{shipment['shipmentId']}"],
        "productCategoryCpc": "83117", "productNameCompany": "P",
        "pcf": {
            "declaredUnit": "ton kilometer", "unitaryProductAmount": "20000", "pCfExcludingBiogenic": "512",
            "fossilGhgEmissions": "512", "referencePeriodStart": "2025-01-01T00:00:00Z",
            "referencePeriodEnd": "2026-01-01T00:00:00Z", "primaryDataShare": 0, "packagingEmissionsIncluded": False,
        },
        "extensions": [{"specVersion": "2.0.0", "dataSchema": "https://example.org/shipment-footprint.json", "data": shipment}],
    }  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe\x00", b"null", b"[]", b"{}", b"7", b'"x"', b"[7, null]", b"{", b"NaN", b'{"data": 5}', b"[" * 200_000,
        b'{"tces":' * 50_000, b'{"mass": ' + b"9" * 1_000_000 + b', "tces": []}', b'{"mass": 1e999999999, "tces": [1]}',
        b'{"mass": NaN, "tces": [{"mass": Infinity, "distance": {"actual": -Infinity}}]}', b'{"a": 1, "a": 2, "tces": []}',
        '{"mass": "٣", "shipmentId": "\\u0000\\ud800", "tces": [{"tceId": "\\n"}]}'.encode(),
        b'{"extensions": {}, "pcf": []}', b'{"extensions": [[]], "pcf": null, "id": {}, "productIds": [1]}',
        b'{"tocId": {}, "energyCarriers": [{"feedstocks": [{"feedstockShare": "2"}]}, 3]}', b'{"hocId": 1, "hubLocation": 4}',
        b'{"tceId": 1, "prevTceIds": [[]], "distance": []}',
    ],
    ids=range(23),
)  # fmt: skip
def test_whatever_the_file_is_the_answer_is_a_list_of_problems(content: bytes) -> None:
    check = check_emissions(content)
    assert check.problems and not check.passed
    assert all(
        problem.message and "\n" not in problem.message and len(problem.message) < 500 for problem in check.problems
    )
    json.dumps(check.to_dict())


def test_a_footprint_with_any_value_in_any_place_is_answered() -> None:
    """5,000 files, each with one value replaced by another kind of thing."""
    chance = random.Random(3)
    whole = [envelope(train()), toc(), hoc()]
    strange = [None, True, [], {}, "", "x", "1,5", -1, 1e30, ["x"], {"a": 1}, "NaN", "\u0000"]
    for _ in range(5_000):
        document: Any = copy.deepcopy(whole)
        owner, key = chance.choice(list(slots(document)))
        owner[key] = copy.deepcopy(chance.choice(strange))
        check_emissions(json.dumps(document))


def slots(value: Any) -> Any:
    """Every place in a document that holds a value."""
    for key in range(len(value)) if isinstance(value, list) else list(value):
        yield value, key
        if isinstance(value[key], list | dict):
            yield from slots(value[key])


def test_a_thousand_faults_are_enough() -> None:
    shipment = train()
    shipment["tces"] = [{"tceId": str(i)} for i in range(5_000)]
    check = check_emissions(json.dumps(shipment))
    errors = [problem for problem in check.problems if problem.severity == ERROR]
    assert len(errors) == MOST_PROBLEMS and check.left_off > 5_000 and not check.passed


def test_warnings_do_not_make_a_file_wrong_however_many() -> None:
    shipment = train()
    link = shipment["tces"][1]
    link.pop("prevTceIds")
    shipment["tces"] += [link | {"tceId": f"t{i}"} for i in range(3_000)]
    check = check_emissions(json.dumps(shipment))
    assert len(check.problems) == MOST_PROBLEMS and check.left_off > 1_000 and check.passed


def test_warnings_take_no_room_from_errors() -> None:
    shipment = train()
    link = shipment["tces"][1]
    link.pop("prevTceIds")
    shipment["tces"] += [link | {"tceId": f"t{i}"} for i in range(3_000)]
    shipment["tces"][-1]["co2eWTW"] = "400"
    check = check_emissions(json.dumps([shipment, toc(), hoc()]))
    assert not check.passed
    assert [problem.pointer for problem in check.problems if problem.severity == ERROR] == ["/0/tces/3001/co2eWTW"]


@pytest.mark.parametrize(
    ("written", "passes"), [("512.1", True), ("512", True), ("510", False), ("500", False), ("5E2", False)]
)
def test_a_rounding_is_no_slip(written: str, passes: bool) -> None:
    """Of 512.1: to a whole number, or to one part in 2,000; 5E2 would be half its last digit off, but by 2 %."""
    footprint = envelope(train())
    footprint["extensions"][0]["data"]["tces"][0] |= {"co2eWTW": "12.1"}
    footprint["pcf"] |= {"pCfExcludingBiogenic": written, "fossilGhgEmissions": "512.1"}
    assert (told(footprint) == {}) == passes


@pytest.mark.parametrize("version", [1.5, -1, "0", None])
def test_a_version_is_a_whole_number(version: object) -> None:
    assert told(envelope(train()) | {"version": version}).keys() == {"/version"}


def test_a_chain_of_many_elements_is_checked_in_a_moment() -> None:
    shipment = train()
    link = shipment["tces"][1]
    shipment["tces"] += [
        link | {"tceId": f"t{i}", "prevTceIds": [f"t{i - 1}" if i else "train"]} for i in range(20_000)
    ]
    assert told(shipment) == {}


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownOption):
        check_emission_file(tmp_path / "none.json")
    with pytest.raises(UnknownOption):
        check_emission_file(tmp_path)
    good = tmp_path / "good.json"
    good.write_text("\ufeff" + json.dumps(train()), encoding="utf-8")
    assert check_emission_file(good).passed


# What is not known


def test_an_account_with_a_gap_is_not_written() -> None:
    """The toy world has factors well to wheel alone: WTW is known, TTW is not, and no zero stands in for it."""
    data = toy()
    answer = route(data, "ANVIL", "GULF", shipment=Shipment(commodity=BOX))
    way = route_of(answer, "canal")
    chain = transport_chain(data, answer, way)
    assert [element.mode for element in chain.elements] == ["terminal", "rail", "terminal", "sea", "terminal"]
    assert chain.co2e_wtw_kg == pytest.approx(way.co2e_kg) and chain.co2e_ttw_kg is None
    with pytest.raises(UnknownEmissions, match="TTW emissions of element 2") as refused:
        ileap_document(data, answer, chain)
    assert len(refused.value.unknown) >= 4
    for lang in ("en", "ru"):
        assert "?" in chain_text(chain, answer.places, lang=lang).splitlines()[2]


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_check_is_told_in_lines(lang: str) -> None:
    bad = train()
    bad["tces"][1]["co2eWTW"] = "5,0"
    text = check_text(check_emissions(json.dumps(bad)), lang=lang)
    assert "/tces/1/co2eWTW" in text and len(text.splitlines()) >= 3
