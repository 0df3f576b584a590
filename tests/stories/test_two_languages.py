"""What the engine says, it says in English and in Russian: the words, what is filled into them, and who must use them.

    said("err_same_place", place=..., code=...)    ->    a text in English with its Russian beside it

English alone stay what is wrong with tables and files (BadTable, DamagedCache, FileTrouble) or with the installation (packages), and
what the command line says of its own options (Usage).
"""

from __future__ import annotations

import ast
import copy
import csv
import pickle
import re
from pathlib import Path
from string import Formatter

import pytest
from command_line import RunCli

from keruen.errors import NoRoute, ScenarioProblem, Text, UnknownPlace, in_both, in_language
from keruen.tables.dataset import Dataset
from keruen.tables.words import either, joined, said

HOUSE = Path(__file__).parents[2] / "keruen"
with (HOUSE / "data" / "words.csv").open(encoding="utf-8") as words_file:
    WORDS = list(csv.DictReader(words_file))
SENTENCES = ("err_", "warn_", "why_", "scn_", "srv_", "note_", "blocked_", "asked_", "cell_")
LETTERS = re.compile(r"[а-яё]", re.IGNORECASE)
ENGLISH = re.compile(r"\b(the|is|of|no|not|there|by|and|or|must|may|give|name)\b", re.IGNORECASE)
IN_CODE = re.compile(r"`[^`]*`|«[^»]*»|\[\[.*?\]\]|off = true|row = \{.*?\}|\{[^}]*\}|Authorization: Bearer TOKEN")


# The words


@pytest.mark.parametrize("row", WORDS, ids=lambda row: row["key"])
def test_both_languages_fill_in_the_same(row: dict[str, str]) -> None:
    english, russian = (
        {name for _, name, _, _ in Formatter().parse(row[lang]) if name is not None} for lang in ("en", "ru")
    )
    assert english == russian


@pytest.mark.parametrize("row", [row for row in WORDS if row["key"].startswith(SENTENCES)], ids=lambda row: row["key"])
def test_a_sentence_is_russian(row: dict[str, str]) -> None:
    if len(re.sub(r"\{[^}]*\}", "", row["ru"]).strip(" ().,:;")) > 1:  # more than what is filled in
        assert LETTERS.search(row["ru"])
    assert not ENGLISH.search(IN_CODE.sub("", row["ru"]))


def keys_said() -> set[str]:
    """The keys that modules name in a call of `said`; those put together from parts are left to the rows' own stories."""
    found = set()
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "said" and node.args:
                keys = [one for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)]
                whole = not any(isinstance(one, ast.JoinedStr | ast.Compare) for one in ast.walk(node.args[0]))
                found |= {str(one.value) for one in keys if whole and isinstance(one.value, str)}
    return found


def test_every_sentence_that_is_said_has_a_row() -> None:
    known = {row["key"] for row in WORDS}
    said_keys = keys_said()
    assert len(said_keys) > 100 and sorted(said_keys - known) == []


@pytest.mark.parametrize(
    ("table", "column", "prefix", "never"),
    [
        ("commodities", "load", "load_", ()),
        ("prices", "value_kind", "kind_", ("level",)),
        ("journeys", "basis", "basis_", ("observed", "reported_typical")),
    ],
)
def test_codes_that_sentences_name_have_words(
    shipped: Dataset, table: str, column: str, prefix: str, never: tuple[str, ...]
) -> None:
    known = {row["key"] for row in WORDS}
    assert {f"{prefix}{code}" for code in shipped.schema[table][column].allowed if code not in never} <= known


# A text


def test_a_text_is_its_english_and_has_its_russian() -> None:
    text = said("err_same_place", place=Text("Poti", "Поти"), code="GEPTI")
    assert text == "Origin and destination are both Poti (GEPTI); name two different places." == str(text)
    assert (
        text.ru
        == in_language(text, "ru")
        == "Отправление и назначение - одно место: Поти (GEPTI). Укажите два разных места."
    )
    assert in_language("as it is", "ru") == "as it is" == Text("as it is").ru
    for again in (pickle.loads(pickle.dumps(text)), copy.deepcopy(text)):
        assert (again, again.ru) == (text, text.ru)


def test_figures_have_the_signs_of_their_language() -> None:
    text = said("err_most_tonnes", tonnes=1234567.0, most=20_000_000.0)
    assert "1,234,567 tonnes" in text and "1\xa0234\xa0567 т" in text.ru
    assert (
        "not 2.5" in said("err_not_positive", name="tonnes", value=2.5)
        and "2,5" in said("err_negative", name="x", value=2.5).ru
    )


def test_texts_are_joined_in_both_languages() -> None:
    two = [Text("sea", "море"), "", Text("rail", "железная дорога")]
    assert (joined(", ", two), joined(", ", two).ru) == ("sea, rail", "море, железная дорога")
    three = either(["a", "b", "c"])
    assert (three, three.ru) == ("a, b or c", "a, b или c") and either(["a"]) == "a"


def test_an_error_tells_both_and_what_has_no_russian_stays_english() -> None:
    told = NoRoute(said("err_no_day", day="2025-02-30"), [said("asked_avoid", what="RU")]).to_json()["error"]
    assert list(told) == ["kind", "message", "message_ru", "blocked_by", "blocked_by_ru"]
    assert told["blocked_by"] == ["avoid RU"] and told["blocked_by_ru"] == ["обход RU"]
    assert LETTERS.search(str(told["message_ru"])) and not LETTERS.search(str(told["message"]))
    assert UnknownPlace("plain").to_json()["error"]["message_ru"] == "plain"
    assert in_both("notes", ["a"]) == {"notes": ["a"], "notes_ru": ["a"]}


def test_a_problem_of_a_scenario_is_told_in_both() -> None:
    problem = ScenarioProblem("close 1", 4, "what", said("scn_key"), said("scn_no_key_do", key="what"))
    assert str(problem) == "line 4, close 1, key what: the key means nothing here. Give what; see docs/scenarios.md"
    assert (
        problem.told("ru")
        == "строка 4, close 1, ключ what: такого ключа здесь нет. Добавьте what; см. docs/scenarios.md"
    )


# Who must use them

SPOKEN = {
    "UnknownPlace": 0, "AmbiguousPlace": 0, "NoRoute": 0, "SamePlace": 0, "BadShipment": 0, "UnknownCommodity": 0, "UnknownOption": 0,
    "BadDate": 0, "UnknownFigure": 0, "UnknownScenario": 0, "Refusal": 2, "HTTPException": 1, "ScenarioProblem": 3, "Demand": 0,
}  # fmt: skip
"""What users meet, and which argument is the sentence."""


def bare_sentences(source: str) -> list[int]:
    """Lines that make one of those with a sentence in English alone."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPOKEN:
            place = SPOKEN[node.func.id]
            if len(node.args) > place and isinstance(node.args[place], ast.Constant | ast.JoinedStr):
                found.append(node.lineno)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
            owner = node.func.value
            if (
                isinstance(owner, ast.Name)
                and owner.id == "warnings"
                and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
            ):
                found.append(node.lineno)
    return found


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(HOUSE.rglob("*.py")) if path.name != "packages.py"],
    ids=lambda path: str(path.relative_to(HOUSE)),
)
def test_what_users_meet_is_said_in_both_languages(path: Path) -> None:
    assert bare_sentences(path.read_text(encoding="utf-8")) == [], "write a row of words.csv and say it with `said`"


def test_a_bare_sentence_is_found() -> None:
    assert bare_sentences("raise UnknownOption(f'no {x}')\nwarnings.append('late')\nraise Refusal(404, 'a', 'b')") == [
        1,
        2,
        3,
    ]


# The command line

ASKED = ("route", "VNHPH", "DEDUI")
TOLD = [
    (("route", "Дуйсбургг", "VNHPH"),
     "Место с названием «Дуйсбургг» не найдено. Возможно, имелось в виду: DEDUI Дуйсбург (Германия, население 504"),
    (("route", "Springfield", "DEDUI"), "«Springfield» - название нескольких мест: "),
    (("route", "Хайфон", "VNHPH"), "Отправление и назначение - одно место: Хайфон (VNHPH)."),
    ((*ASKED, "--tonnes", "-2.5"), "tonnes: нужно число больше нуля, а указано -2,5."),
    ((*ASKED, "-c", "coal", "-u", "trailer"), "Уголь (навалочный груз) - не для грузовой единицы «trailer»; подходят: "),
    ((*ASKED, "-c", "electroncs"), "Груз «electroncs» не найден. Возможно, имелось в виду: electronics"),
    ((*ASKED, "-u", "45ft"), "Неизвестно: грузовая единица «45ft». Возможные значения: 20ft, 40ft, tonne, trailer."),
    ((*ASKED, "--avoid", "suesz"), "В сети нет ничего с названием «suesz». Возможно, имелось в виду: suez?"),
    ((*ASKED, "--avoid", "country:XX"), "«XX» - не страна сети"),
    ((*ASKED, "--avoid", "passage:suesz"), "в сети нет"),
    ((*ASKED, "--depart", "2025-02-30"), "Дня 2025-02-30 в календаре нет"),
    ((*ASKED, "--depart", "1900-01-01"), "Об условиях на 1900-01-01 ничего не известно"),
    ((*ASKED, "--avoid", "VN"),
     "Нет маршрута: Хайфон (VNHPH) → Дуйсбург (DEDUI), груз «Генеральный груз в контейнерах», грузовая единица 40ft. Мешает: обход VN."),
    (("compare", "suesz", "VNHPH", "DEDUI"), "Сценарий «suesz» не найден (нет такого файла)"),
    (("emissions", "KZAAU", "AZBAK", "--number", "99"), "номера 99 среди них нет"),
]  # fmt: skip


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
@pytest.mark.parametrize(
    ("words", "sentence"), TOLD, ids=lambda one: " ".join(one[:4]) if isinstance(one, tuple) else ""
)
def test_an_error_is_told_in_russian(run_cli: RunCli, words: tuple[str, ...], sentence: str) -> None:
    told = run_cli(*words, "--lang", "ru")
    assert told.code in (2, 3) and told.out == ""
    assert told.err.startswith("ошибка: ") and sentence in told.err.replace("\xa0", " ")
    left = re.sub(r"[«`(][^»`)]*[»`)]", "", told.err)
    assert not ENGLISH.search(left), left
    english = run_cli(*words, "--lang=en")
    assert english.err.startswith("error: ") and not LETTERS.search(
        english.err.replace("Дуйсбургг", "").replace("Хайфон", "")
    )


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_warnings_are_told_in_russian(run_cli: RunCli) -> None:
    asked = ("route", "CNSHA", "NLRTM", "--depart", "2028-02-01", "--legs", "none")
    document = run_cli(*asked, "--json").json
    assert len(document["warnings"]) == len(document["warnings_ru"]) > 2
    plain = " ".join(run_cli(*asked, "--lang", "ru").out.split())
    for english, russian in zip(document["warnings"], document["warnings_ru"], strict=True):
        assert LETTERS.search(russian) and not LETTERS.search(english)
        assert " ".join(russian.split()) in plain and english not in plain
    assert LETTERS.search(document["coverage"]["method_ru"])


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_rows_that_do_not_count_say_why_in_russian(run_cli: RunCli, tmp_path: Path) -> None:
    file = tmp_path / "journeys.csv"
    file.write_text(
        "origin;destination;mode;days_min;days_max;basis_class\n"
        "Xi'an;Duisburg;rail;14;16;target\nNowhereville;Duisburg;rail;14;16;observed\nXi'an;Duisburg;rail;14;;observed\n"
        "Almaty;Almaty;road;1;2;observed\nAlmaty;Duisburg;sea;14;16;observed\n",
        encoding="utf-8",
    )
    found = run_cli("accuracy", "--observed", file, "--json").json
    reasons = [(row["reason"], row["reason_ru"]) for row in found["rows"]]
    assert [(row["id"], row["reason"]) for row in found["rows"] if not LETTERS.search(row["reason_ru"])] == []
    assert found["notes_ru"] == ["journeys.csv: столбцы разделены точкой с запятой"]
    plain = run_cli("accuracy", "--observed", file, "--lang", "ru").out
    assert all(russian in plain for _, russian in reasons) and not any(english in plain for english, _ in reasons)
