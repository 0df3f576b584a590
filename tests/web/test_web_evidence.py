"""What is known, by the interface: places while one types, tables, sources, the network, accuracy; and the page itself."""

from __future__ import annotations

import gzip
import io
import time
from typing import Any

import openpyxl
import pytest
from command_line import RunCli
from conftest import Client

from keruen.network.suggest import Suggester
from keruen.routing.route import route
from keruen.tables.dataset import Dataset
from keruen.web import answers

pytestmark = pytest.mark.world
HERE = "/api/v1"


def codes(client: Client, q: str, **more: Any) -> list[str]:
    told = client.get(f"{HERE}/places", params={"q": q, **more}).json()
    answers.Places.model_validate(told)
    return [place["place"] for place in told["places"]]


@pytest.mark.parametrize(
    ("q", "first"),
    [("VNHPH", "VNHPH"), ("vn hph", "VNHPH"), ("Хайф", None), ("дуйс", "DEDUI"), ("Duis", "DEDUI"), ("xi'an", "CNXIA"), ("Сиань", "CNXIA"),
     ("актау", "KZAAU"), ("rotterd", "NLRTM"), ("москва", "RUMOW"), ("rot", "NLRTM"), ("рот", "NLRTM"), ("Hai", "CNHAK"), ("alm", "KZALA"),
     ("KZALA", "KZALA"), ("kzala", "KZALA"), ("ROT", "NZROT"), ("HAI", "iata:HAI")],
)  # fmt: skip
def test_the_place_that_is_meant_comes_first(client: Client, q: str, first: str | None) -> None:
    found = codes(client, q)
    assert found[0] == first if first else "VNHPH" in found


def test_every_letter_typed_keeps_the_place_in_sight(client: Client) -> None:
    for name, code in (("Almaty", "KZALA"), ("Хоргос", "CNHRS"), ("Klaipeda", "LTKLJ")):
        assert all(code in codes(client, name[:n], limit=50) for n in range(3, len(name) + 1)), name


def test_nothing_begins_so(client: Client) -> None:
    assert codes(client, "xqzxqz") == codes(client, "") == codes(client, "  ''  ") == codes(client, "\u0000") == []
    assert len(codes(client, "a", limit=50)) == 50 and codes(client, "43.2, 76.9") == ["43.2000,76.9000"]


def test_a_suggestion_takes_less_than_five_milliseconds(world_data: Dataset) -> None:
    import keruen

    suggester = Suggester(keruen.open_world(world_data))
    texts = ["a", "с", "Ho", "хор", "Rotterdam", "VN", "st", "новый"]
    for text in texts:
        suggester.suggest(text)
    began = time.perf_counter()
    for text in texts * 5:
        suggester.suggest(text)
    assert (time.perf_counter() - began) / (5 * len(texts)) < 0.005


def test_a_shipment_can_start_at_the_places_nearest_to_a_point(client: Client, world_data: Dataset) -> None:
    places = client.get(f"{HERE}/places/near", params={"lat": 44.2, "lon": 80.4, "limit": 4}).json()["places"]
    assert len(places) == 4 and abs(places[0]["lat"] - 44.2) < 0.3
    km = [((place["lat"] - 44.2) ** 2 + ((place["lon"] - 80.4) * 0.717) ** 2) ** 0.5 for place in places]
    assert km == sorted(km)
    assert route(world_data, places[1]["place"], "DEDUI", objective="cheapest").routes
    assert client.get(f"{HERE}/places/near", params={"lat": 91, "lon": 0}).status_code == 422


def test_one_place_is_that_of_the_command_line(client: Client, run_cli: RunCli) -> None:
    assert client.get(f"{HERE}/places/Khorgos").json() == run_cli("places", "Khorgos", "--json").json
    assert client.get(f"{HERE}/places/nowhere at all").json() == run_cli("places", "nowhere at all", "--json").json


def test_all_that_can_be_chosen_is_understood(client: Client, world_data: Dataset) -> None:
    options = client.get(f"{HERE}/options").json()
    answers.Options.model_validate(options)
    assert {one["key"] for one in options["commodities"]} == set(world_data["commodities"].keys)
    assert all(
        set(one["units"]) <= {unit["key"] for unit in options["units"]} and one["unit"] in one["units"]
        for one in options["commodities"]
    )
    for kind in ("corridors", "passages", "countries", "borders", "services", "modes"):
        assert all(one["feature"] and one["name"] for one in options[kind]), kind
    chosen = [next(one["feature"] for one in options[kind] if one["key"] == key)
              for kind, key in (("corridors", "northern"), ("passages", "suez"), ("countries", "RU"), ("modes", "air"))]  # fmt: skip
    told = client.get(
        f"{HERE}/route", params={"from": "CNXAG", "to": "DEDUI", "avoid": chosen, "objective": "cheapest"}
    )
    assert told.status_code == 200
    sources = {source for one in told.json()["routes"] for source in one["sources"]}
    assert not any("passages:suez" in source for source in sources)


def test_tables_are_listed_searched_and_taken_away(client: Client, world_data: Dataset) -> None:
    listed = client.get(f"{HERE}/tables").json()
    assert {one["name"]: one["rows"] for one in listed} == {name: len(world_data[name]) for name in world_data}
    for one in listed:
        answers.TableTitle.model_validate(one)
    told = client.get(f"{HERE}/tables/borders", params={"q": "KZ rail", "limit": 3, "offset": 1}).json()
    answers.TableRows.model_validate(told)
    every = client.get(f"{HERE}/tables/borders", params={"q": "KZ rail"}).json()
    assert told["rows"] == every["rows"][1:4] and 4 < told["total"] < len(world_data["borders"])
    assert all("KZ" in str(row).upper() and "rail" in str(row).casefold() for row in every["rows"])
    assert client.get(f"{HERE}/tables/borders/file/csv").text == world_data["borders"].to_csv()
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{HERE}/tables/speeds/file/xlsx").content))
    sheet = book["speeds"]
    heads = [cell.value for cell in sheet[1]]
    at = next(i for i, head in enumerate(heads) if head.startswith("speed_kmh ["))
    assert [row[at].value for row in sheet.iter_rows(min_row=2)] == world_data["speeds"].numbers("speed_kmh").tolist()
    assert client.get(f"{HERE}/tables/nope").json()["error"]["kind"] == "not_found"
    assert (
        client.get(f"{HERE}/tables/nope/file/csv").status_code
        == client.get(f"{HERE}/tables/..%2f/file/csv").status_code
        == 404
    )


def test_a_search_finds_rows_and_sources(client: Client) -> None:
    told = client.get(f"{HERE}/search", params={"q": "ISO 14083 keruen_assumption", "limit": 5}).json()
    answers.Found.model_validate(told)
    assert told["rows"] and told["total"] >= len(told["rows"])
    named = client.get(f"{HERE}/search", params={"q": "Aktau_ALAT", "limit": 100}).json()["rows"]
    assert named[0]["row"].startswith("services:aktau_alat") and {"services", "sources"} & {
        row["table"] for row in named
    }
    assert client.get(f"{HERE}/search", params={"q": "no row has thesewordsinit"}).json() == {"rows": [], "total": 0}


@pytest.mark.parametrize("figure", ["tariffs:rail/KZ/feu", "Khorgos", "keruen_assumption"])
def test_sources_are_those_of_the_command_line(client: Client, run_cli: RunCli, figure: str) -> None:
    told = client.get(f"{HERE}/sources", params={"figure": figure}).json()
    assert told == run_cli("sources", figure, "--json").json
    answers.Trace.model_validate(told)


def test_every_row_of_an_answer_can_be_opened(client: Client) -> None:
    answer = client.get(f"{HERE}/route", params={"from": "VNHPH", "to": "DEDUI"}).json()
    figures = sorted({source for one in answer["routes"] for source in one["sources"]})
    for first in range(0, len(figures), 32):
        told = client.get(f"{HERE}/sources", params={"figure": figures[first : first + 32]})
        assert told.status_code == 200 and told.json()["sources"]


@pytest.mark.parametrize("figure", ["nothing:like/it", "tariffs:no/such", "zzzzqqqq"])
def test_a_figure_nobody_knows_is_told_as_by_the_command_line(client: Client, run_cli: RunCli, figure: str) -> None:
    told = client.get(f"{HERE}/sources", params={"figure": figure})
    assert told.status_code == 422 and told.json() == run_cli("sources", figure, "--json").json


def test_validation_and_network_are_those_of_the_command_line(client: Client, run_cli: RunCli) -> None:
    assert client.get(f"{HERE}/validate").json() == run_cli("validate", "--json").json
    told = client.get(f"{HERE}/network").json()
    said = run_cli("network", "info", "--json").json
    assert told == {name: value for name, value in said.items() if name != "folder"}  # no path leaves the server
    answers.Network.model_validate(told)


def test_journeys_of_ones_own_are_compared(client: Client, run_cli: RunCli, tmp_path: Any) -> None:
    text = "origin,destination,mode,days_min,days_max\nXi'an,Duisburg,rail,13,16\nnowhere at all,Duisburg,rail,10,12\n"
    told = client.post(f"{HERE}/accuracy", content=text.encode(), headers={"content-type": "text/csv"})
    (tmp_path / "the file").write_text(text, encoding="utf-8")
    assert told.json() == run_cli("accuracy", "--observed", tmp_path / "the file", "--json").json
    answers.Accuracy.model_validate(told.json())
    assert "rows" not in client.post(f"{HERE}/accuracy?rows=false", content=text.encode()).json()
    for wrong in (b"", b"a,b\n1,2\n", b"\xff\xfe\x00"):
        refused = client.post(f"{HERE}/accuracy", content=wrong)
        assert refused.status_code == 422 and refused.json()["error"]["kind"] == "bad_table"


def test_the_server_says_that_it_is_ready(client: Client) -> None:
    codes(client, "a")
    assert client.get(f"{HERE}/health").json()["ready"] is True


def test_the_map_is_part_of_the_interface(client: Client) -> None:
    tile = client.get(f"{HERE}/map/ground/0/0/0.mvt")
    assert (
        tile.status_code == 200
        and tile.content
        and tile.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    )
    assert client.get(f"{HERE}/map/ground/0/5/0.mvt").json()["error"]["kind"] == "not_found"


def test_the_page_is_sent_once(client: Client) -> None:
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8" and "<title>Keruen</title>" in page.text
    assert all(
        client.get(f"/{view}").text == page.text
        for view in ("index.html", "route", "accuracy", "evidence", "scenarios")
    )
    for path, kind in (("/main.js", "text/javascript"), ("/vendor/maplibre-gl.mjs", "text/javascript"), ("/app.css", "text/css"),
                       ("/fonts/noto-sans-latin-wght-normal.woff2", "font/woff2")):  # fmt: skip
        told = client.get(path)
        assert (
            told.status_code == 200
            and told.headers["content-type"].startswith(kind)
            and told.headers["cache-control"] == "no-cache"
        )
        again = client.get(path, headers={"if-none-match": told.headers["etag"]})
        assert again.status_code == 304 and not again.content
    library = "/vendor/maplibre-gl.mjs"
    with client.stream("GET", library, headers={"accept-encoding": "gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
    plain = client.get(library, headers={"accept-encoding": "identity"})
    assert (
        packed.headers["content-encoding"] == "gzip"
        and gzip.decompress(raw) == plain.content
        and len(raw) < len(plain.content) / 2
    )
    assert packed.headers["etag"] != plain.headers["etag"] and "accept-encoding" in plain.headers["vary"].lower()


@pytest.mark.parametrize("text", ["хор", "Hai", "St", "9", "a,b", "43.2"])
def test_suggestions_are_places_one_can_route_from(world_data: Dataset, text: str) -> None:
    import keruen
    from keruen.network.gazetteer import resolve

    world = keruen.open_world(world_data)
    for entry in Suggester(world).suggest(text, 20):
        assert resolve(world.gazetteer, entry.code) == entry
