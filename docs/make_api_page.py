"""Write docs/http-api.md from the OpenAPI document of the server: `python docs/make_api_page.py`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import keruen
from keruen.web.server import create_app
from keruen.web.settings import Settings

Json = dict[str, Any]

HEAD = """# The HTTP interface

This page is generated from the OpenAPI document (`docs/make_api_page.py`), which the server itself has at `/api/v1/openapi.json`.

`keruen serve` answers at `http://127.0.0.1:8470`. The page of the workspace uses nothing but this interface. Answers are those of the
command line with `--json`: the same keys, the same numbers ([route-json.md](route-json.md)). `null` means not known, never zero; a
parameter that is not listed is an error. Text is UTF-8; in an address it is percent-encoded (`curl -G --data-urlencode` does that).

**Errors** are `{"error": {"kind", "message", "message_ru", ...}}` with these statuses; a text in English has the same in Russian beside it
under its key with `_ru`, here and in answers:

| status | kind | meaning |
|---|---|---|
"""

MORE = """
**Work** (a search, a picture, a workbook) runs in threads, as many at once as there are cores; the rest waits its turn. Who asks
what is being worked out already waits for the same; who closes the connection cancels it, unless another waits. What was worked out is
kept for the next who asks.

**Streams** (`.../stream`) are Server-Sent Events: `progress` with `{"stage", "share"}`, then one `answer`, or one `error` with its
`status`.

**Safety.** Only this machine is answered unless `--host` says otherwise, and then only who has the token: `Authorization: Bearer TOKEN`,
or once `?token=TOKEN`, which sets a cookie. Requests by pages of other sites are refused, and so is a Host header with a name that is not
the server's. No path comes from a request; scenarios are saved under names of small letters, digits, `-` and `_` in the folder
that `--workspace` names.
"""

TITLES = {
    "ways": "Ways",
    "evidence": "What is known",
    "figures": "Figures",
    "trade": "Trade",
    "flows": "Flows",
    "scenarios": "Scenarios",
    "map": "The map",
    "server": "The server",
}
ROUTE = "/api/v1/route"
FEW = 4  # parameters that are rather told again
BODIES = {
    "text/csv": "journeys.csv",
    "text/plain": "article.txt",
    "application/toml": "scenario.toml",
    "application/json": "chain.json",
}
METHODS = ("get", "put", "post", "delete")


def document() -> Json:
    """The OpenAPI document of the server."""
    return create_app(keruen.load(), Settings(workspace=Path("workspace"))).openapi()


def page(found: Json) -> str:
    """The whole page."""
    return "\n".join([HEAD + "\n".join(statuses(found)), MORE, *sections(found), *models(found)])


def operations(found: Json) -> Iterator[tuple[str, str, Json]]:
    """All operations as path, method, description."""
    for path, methods in found["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def statuses(found: Json) -> Iterator[str]:
    """A row for each error status there is."""
    told = {
        status: (answer["content"]["application/json"]["example"]["error"]["kind"], answer["description"])
        for _, _, one in operations(found)
        for status, answer in one["responses"].items()
        if status >= "400" and "example" in answer.get("content", {}).get("application/json", {})
    }
    for status, (kind, meaning) in sorted(told.items()):
        yield f"| {status} | `{kind}` ... | {cell(meaning)} |"


def sections(found: Json) -> Iterator[str]:
    """A chapter for each tag, a section for each operation."""
    for tag, title in TITLES.items():
        yield f"## {title}\n"
        for path, method, one in operations(found):
            if one["tags"] == [tag]:
                yield from section(found, path, method, one)


def section(found: Json, path: str, method: str, one: Json) -> Iterator[str]:
    """An operation: what it does, an example, parameters, answers."""
    yield f"### {method.upper()} {path.removeprefix('/api/v1')}\n\n{one['summary']}. {one.get('description', '')}\n"
    yield f"```sh\n{example(path, method, one)}\n```\n"
    if one.get("parameters"):
        shared = {} if path == ROUTE else {known["name"]: known for known in found["paths"][ROUTE]["get"]["parameters"]}
        own = [parameter for parameter in one["parameters"] if not alike(parameter, shared.get(parameter["name"]))]
        own = one["parameters"] if len(own) + FEW > len(one["parameters"]) else own
        if len(own) < len(one["parameters"]):
            left_out = [f"`{parameter['name']}`" for parameter in one["parameters"] if parameter not in own]
            yield f"Parameters as of [GET /route](#get-route): {', '.join(left_out)}.\n"
        if own:
            yield "| parameter | type | meaning |\n|---|---|---|"
        for parameter in own:
            name = f"**`{parameter['name']}`**" if parameter.get("required") else f"`{parameter['name']}`"
            yield f"| {name} | {cell(kind_of(parameter['schema']))} | {cell(parameter.get('description', ''))} |"
        yield ""
    if body := one.get("requestBody"):
        yield f"Body ({', '.join(f'`{kind}`' for kind in body['content'])}): {body.get('description', '')}\n"
    answers = []
    for status, answer in sorted(one["responses"].items()):
        if status < "400":
            kinds = [answer_kind(kind, content) for kind, content in answer.get("content", {}).items()]
            answers.append(f"**{status}** {', '.join(kinds) or answer['description']}")
    errors = ", ".join(status for status in sorted(one["responses"]) if status >= "400")
    yield f"Answers: {'; '.join(answers)}. Errors: {errors}.\n"


def alike(one: Json, other: Json | None) -> bool:
    """Whether two parameters mean the same."""
    return other is not None and all(one.get(key) == other.get(key) for key in ("description", "required", "schema"))


def answer_kind(kind: str, content: Json) -> str:
    """The type of an answer, and its model."""
    schema = content.get("schema", {})
    listed, model = schema.get("type") == "array", (schema.get("items") or schema).get("$ref", "").rpartition("/")[2]
    return f"`{kind}`" + (f" {'list of ' if listed else ''}[{model}](#{model.lower()})" if model else "")


def example(path: str, method: str, one: Json) -> str:
    """A command that asks it."""
    shown, pieces = path, []
    for parameter in one.get("parameters", []):
        examples = parameter["schema"].get("examples") or parameter.get("examples") or []
        if parameter["in"] == "path":
            given = examples[0] if examples else parameter["schema"].get("enum", [0])[0]
            shown = shown.replace("{" + parameter["name"] + "}", str(given))
        elif parameter.get("required") and examples:
            values = examples[0] if isinstance(examples[0], list) else [examples[0]]
            pieces += [f"{parameter['name']}={quote(str(value), safe=',:/')}" for value in values]
    address = f"http://127.0.0.1:8470{shown}" + (f"?{'&'.join(pieces)}" if pieces else "")
    words = ["curl", *([] if method == "get" else ["-X", method.upper()])]
    for kind in list(one.get("requestBody", {}).get("content", {}))[:1]:
        words += ["-H", f"'Content-Type: {kind}'", "--data-binary", f"@{BODIES[kind]}"]
    binary = any(
        kind in one["responses"].get("200", {}).get("content", {})
        for kind in ("image/png", "application/vnd.mapbox-vector-tile")
    )
    words += ["-OJ"] if binary else ["-N"] if shown.endswith("/stream") else []
    return " ".join([*words, f"'{address}'"])


def models(found: Json) -> Iterator[str]:
    """A table for each model of an answer."""
    yield "## Models\n"
    for name, model in sorted(found["components"]["schemas"].items()):
        yield f"### {name}\n\n{model.get('description', '')}\n"
        if model.get("properties"):
            yield "| key | type | meaning |\n|---|---|---|"
            for key, schema in model["properties"].items():
                yield f"| `{key}` | {cell(kind_of(schema))} | {cell(schema.get('description', ''))} |"
            yield ""


def kind_of(schema: Mapping[str, Any]) -> str:
    """A type in words."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if options := schema.get("anyOf"):
        return " or ".join(kind_of(option) for option in options)
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(value, ensure_ascii=False)}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {kind_of(schema['additionalProperties'])}"
    default = (
        f", default `{json.dumps(schema['default'], ensure_ascii=False)}`"
        if schema.get("default") not in (None, "", [])
        else ""
    )
    return str(schema.get("type", "any")) + default


def cell(text: str) -> str:
    """A text as a cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    (Path(__file__).parent / "http-api.md").write_text(page(document()), encoding="utf-8")
