"""The OpenAPI document says all there is, and whatever one asks by it, the server does not break."""

from __future__ import annotations

import runpy
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import served

from keruen.tables.dataset import Dataset
from keruen.web.server import create_app
from keruen.web.settings import Settings

EXAMPLES = 8  # of each operation
METHODS = ("get", "put", "post", "delete")


@pytest.fixture(scope="module")
def document(shipped: Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = create_app(shipped, Settings(workspace=tmp_path_factory.mktemp("workspace"))).openapi()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield f"{method.upper()} {path}", methods[method]


def test_every_operation_is_described_with_its_statuses(document: dict[str, Any]) -> None:
    for name, one in operations(document):
        assert one["summary"] and one.get("description"), name
        responses = one["responses"]
        assert {"401", "403", "413", "422", "500"} <= responses.keys(), name
        assert any(status < "400" for status in responses), name
        for status, answer in responses.items():
            assert answer["description"] != "Successful Response" or status < "300", (name, status)
            if status >= "400" and "content" in answer and "/map/" not in name:
                assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/Fault"), (name, status)
        for parameter in one.get("parameters", ()):
            assert parameter.get("description"), (name, parameter["name"])


def test_a_route_question_has_examples_and_units(document: dict[str, Any]) -> None:
    parameters = {one["name"]: one for one in document["paths"]["/api/v1/route"]["get"]["parameters"]}
    assert {"from", "to", "commodity", "unit", "tonnes", "value", "vot", "carbon_price", "vessel", "draft", "beam", "depart", "within",
            "avoid", "require", "sanctions", "objective", "only_unbeaten", "most", "scenario", "geometry"} == parameters.keys()  # fmt: skip
    for name in ("from", "to", "tonnes", "avoid", "depart"):
        assert parameters[name]["schema"].get("examples"), name
    for name, unit in (("tonnes", " t."), ("value", "USD"), ("draft", " m,"), ("carbon_price", "USD per tonne")):
        assert unit in parameters[name]["description"], name


def test_the_page_in_docs_is_that_of_the_document(house: Path) -> None:
    made = runpy.run_path(str(house / "docs" / "make_api_page.py"))
    assert (house / "docs" / "http-api.md").read_text(encoding="utf-8") == made["page"](made["document"]())


@pytest.mark.world
def test_whatever_is_asked_the_server_does_not_break(world_data: Dataset, tmp_path: Path) -> None:
    """Schemathesis: questions made from the document, the same in every run. No error but known ones, none undocumented."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries that schemathesis is made of
        import schemathesis
        from hypothesis import HealthCheck, given, settings
        from hypothesis.strategies import just
        from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

        @schemathesis.serializer(
            "application/toml",
            "text/html",
            "application/pdf",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        )
        def as_text(context: Any, value: Any) -> bytes:
            return str(value).encode("utf-8", "replace")

        how = settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        seen: dict[str, set[int]] = {}
        with served(world_data, workspace=tmp_path, answer_s=0.4, flows_s=0.4, work_at_once=100_000) as client:
            client.app.state.map_room.prepare()
            schema = schemathesis.openapi.from_url(f"{client.address}/api/v1/openapi.json")
            for one in schema.get_all_operations():
                operation = one.ok()
                statuses = seen.setdefault(operation.label, set())

                def ask(case: Any, statuses: set[int]) -> None:
                    answer = case.call()
                    statuses.add(answer.status_code)
                    known = answer.status_code == 503 and answer.json()["error"]["kind"] in ("timeout", "busy")
                    assert answer.status_code < 500 or known, (answer.status_code, answer.text, case.as_curl_command())
                    case.validate_response(answer, checks=[status_code_conformance, content_type_conformance])

                how(given(case=operation.as_strategy(), statuses=just(statuses))(ask))()
    assert len(seen) > 30 and all(seen.values())
    assert sum(200 in statuses for statuses in seen.values()) > len(seen) / 3
