"""Scenarios by the interface: what one does, saved whole, still there when the server was killed."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from command_line import RunCli, command_of, environment
from conftest import Client, Serving

from keruen.web import answers
from keruen.web.shelf import Shelf

HERE = "/api/v1"
CLOSED = 'name = "mine"\ntitle = "Мой сценарий"\n\n[[close]]\nwhat = "country:AZ"\nreason = "What if."\n'


@pytest.mark.world
def test_a_scenario_is_checked_saved_used_and_deleted(client: Client, run_cli: RunCli, tmp_path: Path) -> None:
    checked = client.post(f"{HERE}/scenarios/check", content=CLOSED.encode()).json()
    answers.ScenarioCheck.model_validate(checked)
    assert checked["name"] == "mine" and len(checked["changes"]) == 1 and not checked["problems"]
    assert client.put(f"{HERE}/scenarios/mine", content=CLOSED.encode()).status_code == 204
    assert client.get(f"{HERE}/scenarios/mine").text == CLOSED
    listed = client.get(f"{HERE}/scenarios").json()
    for one in listed:
        answers.ScenarioTitle.model_validate(one)
    assert {"name": "mine", "title": "Мой сценарий", "title_ru": "", "saved": True, "changes": 1} in listed
    assert any(not one["saved"] and one["name"] == "suez_closed" for one in listed)

    ends = {"from": "KZAAU", "to": "GEPTI"}
    (tmp_path / "mine.toml").write_text(CLOSED, encoding="utf-8")
    said = run_cli("route", *ends.values(), "--scenario", tmp_path / "mine.toml", "--json").json
    for scenario in ("mine", CLOSED):
        assert client.get(f"{HERE}/route", params={**ends, "scenario": scenario}).json() == said
    streamed = client.get(f"{HERE}/compare/stream", params={**ends, "scenario": "mine"}).text
    shares = [float(share) for share in re.findall(r'"share":([0-9.]+)', streamed.partition("event: answer")[0])]
    assert shares == sorted(shares) and max(shares) > 0.5
    compared = client.get(f"{HERE}/compare", params={**ends, "scenario": "mine"}).json()  # kept
    assert json.loads(streamed.partition("event: answer\ndata: ")[2]) == compared
    answers.Compared.model_validate(compared)
    assert compared["with"] == said and compared["base"] == client.get(f"{HERE}/route", params=ends).json()
    assert compared == run_cli("compare", tmp_path / "mine.toml", *ends.values(), "--json").json

    other = CLOSED.replace("country:AZ", "country:RU")
    assert client.put(f"{HERE}/scenarios/mine", content=other.encode()).status_code == 204
    assert client.get(f"{HERE}/route", params={**ends, "scenario": "mine"}).json() != said  # nothing kept of the former
    assert client.delete(f"{HERE}/scenarios/mine").status_code == 204
    assert client.delete(f"{HERE}/scenarios/mine").json()["error"]["kind"] == "not_found"
    assert client.get(f"{HERE}/scenarios/mine").status_code == 404
    assert (
        client.get(f"{HERE}/route", params={**ends, "scenario": "mine"}).json()["error"]["kind"] == "unknown_scenario"
    )


@pytest.mark.world
def test_one_side_without_a_route_is_an_answer(client: Client) -> None:
    closed = CLOSED.replace("country:AZ", "country:TJ")
    told = client.get(f"{HERE}/compare", params={"from": "Almaty", "to": "Dushanbe", "scenario": closed})
    answers.Compared.model_validate(told.json())
    assert told.json()["with"]["error"]["kind"] == "no_route" and told.json()["base"]["routes"]


def test_what_is_wrong_with_a_scenario_is_told_and_not_saved(serving: Serving, tmp_path: Path) -> None:
    client = serving()
    for wrong in (
        "name = ",
        "",
        CLOSED.replace("country:AZ", "passage:suess"),
        CLOSED.replace("[[close]]", "[[open]]"),
    ):
        told = client.put(f"{HERE}/scenarios/mine", content=wrong.encode())
        assert told.status_code == 422 and told.json()["error"]["kind"] == "bad_scenario"
        assert client.post(f"{HERE}/scenarios/check", content=wrong.encode()).json()["problems"]
    assert client.put(f"{HERE}/scenarios/mine", content=b"\xff\xfe").status_code == 422
    assert client.put(f"{HERE}/scenarios/mine", content=b"#" * 20_000).status_code == 413
    assert not list(tmp_path.rglob("*.toml"))


def test_a_write_that_fails_leaves_what_was_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(tmp_path)
    shelf.save("mine", CLOSED)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        shelf.save("mine", "name = 'half'")
    assert shelf.find("mine") == CLOSED and [path.name for path in (tmp_path / "scenarios").iterdir()] == ["mine.toml"]


class Process:
    """`keruen serve` as a process of its own."""

    def __init__(self, *words: object, workspace: Path, **env: str) -> None:
        wanted = environment({"KERUEN_TOKEN": None, **env})
        command = command_of("serve", "--port", 0, "--no-open", "--workspace", workspace, *words)
        self.process = subprocess.Popen(
            command, env=wanted, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a run of tests in the background ignores it
        )  # fmt: skip
        assert self.process.stderr is not None
        self.said: list[str] = []
        for line in self.process.stderr:
            self.said.append(line)
            if found := re.search(r"http://\S+", line):
                self.address = found[0]
                return
        raise AssertionError(f"it did not start: {self.said}")

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(20)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                self.said.append(stream.read())
                stream.close()
        return code


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_a_killed_server_loses_nothing_saved(tmp_path: Path) -> None:
    first = Process(workspace=tmp_path)
    assert httpx.put(f"{first.address}api/v1/scenarios/mine", content=CLOSED.encode(), timeout=30).status_code == 204
    with httpx.stream(
        "GET", f"{first.address}api/v1/route/stream", params={"from": "VNHPH", "to": "DEDUI"}, timeout=30
    ) as asked:
        pieces = asked.iter_text()
        assert next(pieces)  # in the midst of work
        first.end(signal.SIGKILL)
    second = Process(workspace=tmp_path)
    assert httpx.get(f"{second.address}api/v1/scenarios/mine", timeout=30).text == CLOSED
    assert httpx.get(f"{second.address}api/v1/places?q=Алм", timeout=30).json()["places"]
    if os.name != "nt":
        with httpx.stream(
            "GET", f"{second.address}api/v1/route/stream", params={"from": "VNHPH", "to": "NLRTM"}, timeout=30
        ) as asked:
            pieces = asked.iter_text()
            assert next(pieces)
            began = time.monotonic()
            assert second.end(signal.SIGINT) == 130 and time.monotonic() - began < 15
        assert "Traceback" not in "".join(second.said) and "Stopped." in "".join(second.said)


def test_other_addresses_need_a_token(run_cli: RunCli) -> None:
    for host in ("0.0.0.0", "::"):
        told = run_cli("serve", "--host", host, "--port", 0, "--no-open")
        assert told.code == 2 and "--token" in told.err and "Traceback" not in told.err
    assert run_cli("serve", "--host", "no such host.invalid", "--no-open").code == 2


def test_a_port_in_use_is_said(run_cli: RunCli) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = run_cli("serve", "--port", port, "--no-open")
    assert told.code == 2 and str(port) in told.err and "--port" in told.err and "Traceback" not in told.err


def test_a_command_that_serves_nothing_does_not_load_the_server() -> None:
    loaded = "[m for m in ('fastapi', 'uvicorn') if m in sys.modules]"
    program = f"import sys; from keruen import cli; cli.run(['places', '--help']); print({loaded})"
    said = subprocess.run(
        [sys.executable, "-c", program], env=environment({}), capture_output=True, text=True, check=True
    )
    assert json.loads(said.stdout.splitlines()[-1].replace("'", '"')) == []


def test_the_workspace_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from keruen.web.settings import default_workspace

    monkeypatch.setenv("KERUEN_WORKSPACE", str(tmp_path))
    assert default_workspace() == tmp_path
    monkeypatch.delenv("KERUEN_WORKSPACE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(sys, "platform", "linux")
    assert default_workspace() == tmp_path / "data" / "keruen"
    assert Shelf(tmp_path / "not there").saved() == []
