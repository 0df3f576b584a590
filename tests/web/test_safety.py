"""Who may ask, how much, and what an answer may tell."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from conftest import Client, Serving, served, until

from keruen.errors import Cancelled
from keruen.routing import route as route_module
from keruen.tables.dataset import Dataset
from keruen.web.safety import Guard, host_and_port

ROUTE = "/api/v1/route?from=VNHPH&to=DEDUI"
TOKEN = "a token that is long enough"


@pytest.fixture(scope="module")
def client(shipped: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An application that nothing heavy is asked of."""
    with served(shipped, workspace=tmp_path_factory.mktemp("workspace")) as found:
        yield found


@pytest.mark.parametrize(
    "path", ["/", "/main.js", "/nothing", "/api/v1/health", "/api/v1/tables/nope", "/api/v1/route"]
)
def test_every_answer_forbids_what_a_page_of_ours_never_needs(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == policy["form-action"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers and "server" not in headers


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8470", "127.0.0.1:80", "127.0.0.1.evil.example", "localhost:x", "[::1"]
)
def test_a_name_that_is_not_ours_is_refused(client: Client, host: str) -> None:
    told = client.get("/api/v1/health", headers={"host": host})
    assert told.status_code == 403 and told.json()["error"]["kind"] == "host"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]", "192.168.1.7"])
def test_an_address_of_ours_is_not(client: Client, host: str) -> None:
    port = client.desk.settings.port
    assert client.get("/api/v1/health", headers={"host": f"{host}:{port}"}).status_code == 200


def test_hosts_are_read_with_and_without_port() -> None:
    assert host_and_port("Example.ORG.:8470") == ("example.org", 8470)
    assert host_and_port("[::1]") == ("::1", None) and host_and_port("[fe80::1]:1") == ("fe80::1", 1)


def test_a_token_is_asked_for_and_gives_a_cookie(serving: Serving) -> None:
    client = serving(token=TOKEN)
    for path in ("/", "/main.js", "/api/v1/health", "/api/v1/openapi.json"):
        told = client.get(path)
        assert (
            told.status_code == 401 and told.json()["error"]["kind"] == "token" and "www-authenticate" in told.headers
        )
    for wrong in ("Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer \xff"):
        assert client.get("/", headers={"authorization": wrong.encode("latin-1")}).status_code == 401
    assert client.get("/?token=no").status_code == 401
    assert client.get("/api/v1/health", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200

    entry = client.get("/route", params={"token": TOKEN, "from": "Almaty"}, follow_redirects=False)
    assert entry.status_code == 303 and entry.headers["location"] == "/route?from=Almaty"
    cookie = entry.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and TOKEN not in cookie
    assert client.get("/api/v1/health").status_code == 200  # by the cookie
    client.cookies.clear()
    assert client.get("/api/v1/health").status_code == 401


def test_the_way_in_leads_to_this_server_alone(serving: Serving) -> None:
    entry = serving(token=TOKEN).get("//evil.example/", params={"token": TOKEN}, follow_redirects=False)
    assert not entry.headers.get("location", "").startswith("//")


def test_pages_of_other_sites_may_link_and_no_more(client: Client) -> None:
    foreign: list[dict[str, str]] = [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"},
                                     {"origin": "null"}, {"origin": "http://127.0.0.1:9999"}]  # fmt: skip
    for headers in foreign:
        for method, path in (("PUT", "/api/v1/scenarios/x"), ("DELETE", "/api/v1/scenarios/x"), ("POST", "/api/v1/check-emissions"),
                             ("GET", "/api/v1/health")):  # fmt: skip
            told = client.request(method, path, headers=headers, content=b"{}" if method != "GET" else None)
            assert told.status_code == 403 and told.json()["error"]["kind"] == "cross_site", (method, headers)
    assert (
        client.get(
            "/route?from=Almaty", headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
        ).status_code
        == 200
    )
    assert (
        client.get("/api/v1/health", headers={"sec-fetch-site": "same-origin", "origin": client.address}).status_code
        == 200
    )


def test_a_body_has_an_end(serving: Serving) -> None:
    client = serving(body_bytes=1000)
    said = client.post("/api/v1/check-emissions", content=b"x" * 1001)
    unsaid = client.post("/api/v1/check-emissions", content=(b"x" * 100 for _ in range(11)))
    for told in (said, unsaid):
        assert told.status_code == 413 and told.json()["error"]["kind"] == "too_large"
    assert client.post("/api/v1/check-emissions", content=b"{}").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/../pyproject.toml", "/%2e%2e/server.py", "/..%2fserver.py", "/vendor/..%2f..%2fserver.py", "/vendor/%2e%2e/%2e%2e/server.py",
     "//etc/passwd", "/%2fetc%2fpasswd", "/main.js%00", "/vendor", "/fonts/", "/vendor/preact.d.ts",
     "/C:%5cwindows%5cwin.ini", "/..%5cserver.py"],
)  # fmt: skip
def test_no_address_leads_out_of_the_page(client: Client, path: str) -> None:
    told = client.get(path)
    assert told.status_code == 404 and told.json()["error"]["kind"] == "not_found"


@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "a.b", "A", "x" * 61, "%2e%2e", "caf%C3%A9"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_no_name_of_a_scenario_leads_out_of_the_workspace(client: Client, method: str, name: str) -> None:
    assert client.request(method, f"/api/v1/scenarios/{name}").status_code in (404, 405, 422)


def test_what_was_not_foreseen_has_a_number_and_nothing_else(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any, **how: Any) -> None:
        raise ZeroDivisionError("a secret of the server")

    monkeypatch.setattr(route_module, "route", broken)
    for path in (ROUTE, ROUTE.replace("route?", "route/stream?")):
        with caplog.at_level(logging.ERROR):
            told = client.get(path)
        assert "secret" not in told.text and "Traceback" not in told.text and "ZeroDivision" not in told.text
        assert told.status_code == (200 if "stream" in path else 500) and '"internal"' in told.text
        number = told.text.split('"id":')[1].strip(' "')[:8]
        assert number in caplog.text and "a secret of the server" in caplog.text
    assert "content-security-policy" in client.get(ROUTE).headers


def test_work_is_counted_and_answers_are_not(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    client = serving(work_at_once=2, work_per_s=0.001)
    asked = [f"/api/v1/tables/{name}/file/csv" for name in ("speeds", "tariffs", "waits")]
    assert [client.get(path).status_code for path in asked] == [200, 200, 429]
    refused = client.get(asked[2])
    assert refused.json()["error"]["kind"] == "too_many" and int(refused.headers["retry-after"]) > 0
    assert client.get(asked[0]).status_code == 200  # known already


def slow(seen: list[str], go_on: threading.Event) -> Any:
    """Work that tells its progress until it is stopped, or may end."""

    def work(*args: Any, progress: Any, **how: Any) -> None:
        seen.append("began")
        try:
            while not go_on.wait(0.01):
                progress("search", 0.5)
        except Cancelled:
            seen.append("cancelled")
            raise
        raise ZeroDivisionError

    return work


def test_an_answer_that_takes_too_long_is_given_up_and_its_work_stops(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(route_module, "route", slow(seen, threading.Event()))
    client = serving(answer_s=0.3)
    told = client.get(ROUTE)
    assert told.status_code == 503 and told.json()["error"]["kind"] == "timeout" and told.headers["retry-after"]
    until(lambda: seen == ["began", "cancelled"])


def test_a_queue_has_an_end(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    go_on = threading.Event()
    monkeypatch.setattr(route_module, "route", slow(seen, go_on))
    client = serving(workers=1, most_waiting=2)
    threads = [
        threading.Thread(target=lambda n=n: httpx.get(f"{client.address}{ROUTE}&most={n}", timeout=20)) for n in (1, 2)
    ]
    for thread in threads:
        thread.start()
    until(lambda: len(client.desk.workshop.jobs) == 2)
    told = client.get(f"{ROUTE}&most=3")
    assert told.status_code == 503 and told.json()["error"]["kind"] == "busy" and told.headers["retry-after"]
    go_on.set()
    for thread in threads:
        thread.join(10)


def test_the_guard_is_around_everything(client: Client) -> None:
    app: Any = client.app
    assert app.user_middleware[0].cls is Guard and app.user_middleware[0].kwargs["settings"] == client.desk.settings
    assert app.docs_url is None and app.redoc_url is None


@pytest.mark.parametrize("path", ["/", "/app.css", "/api/v1/health", "/api/v1/tables", "/nothing", "/api/v1/nothing"])
def test_head_is_answered_as_get_without_the_body(client: Client, path: str) -> None:
    told, asked = client.get(path), client.head(path)
    assert asked.status_code == told.status_code and asked.content == b""
    assert {name: asked.headers.get(name) for name in ("content-type", "etag", "content-length")} == {
        name: told.headers.get(name) for name in ("content-type", "etag", "content-length")
    }
