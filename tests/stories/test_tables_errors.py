"""An error has a name for programs, a sentence for people and an exit code for shells."""

from __future__ import annotations

import json
import pickle

import pytest

from keruen import errors
from keruen.errors import AmbiguousPlace, BadTable, KeruenError, NoRoute, Problem, UnknownPlace

PROBLEM = Problem("places", 7, "lat", "91 degrees north is more than can be", "It must be at most 90 degrees north")
EXAMPLES = [
    UnknownPlace("no place goes by 'Aktua'", ["Aktau"]),
    AmbiguousPlace("two places go by 'Alexandria'", ["EGALY", "USAXD"]),
    NoRoute("no route from VNHPH to DEDUI", ["passage:suez", "passage:cape"]),
    BadTable([PROBLEM]),
]
NAMED = [cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, KeruenError)]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: error.kind)
def test_an_error_is_written_as_json(error: KeruenError) -> None:
    written = json.loads(json.dumps(error.to_json()))["error"]
    assert written["kind"] == error.kind and written["message"] == error.message == str(error)


def test_what_a_program_needs_is_beside_the_message() -> None:
    assert NoRoute("no way", ["passage:suez"]).to_json()["error"]["blocked_by"] == ["passage:suez"]
    assert UnknownPlace("?", ["Aktau"]).to_json()["error"]["suggestions"] == ["Aktau"]
    assert AmbiguousPlace("?", ["EGALY"]).to_json()["error"]["candidates"] == ["EGALY"]
    assert BadTable([PROBLEM]).to_json()["error"]["problems"] == [PROBLEM.to_json()]


def test_no_route_is_an_outcome_and_everything_else_is_wrong_input() -> None:
    assert {cls.kind: cls.exit_code for cls in NAMED if cls.exit_code != 2} == {"no_route": 3}


def test_every_error_has_its_own_name_and_says_what_it_is() -> None:
    public = [cls for cls in NAMED if not cls.__name__.startswith("_")]
    assert len({cls.kind for cls in public}) == len(public) and all(cls.__doc__ for cls in public)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: error.kind)
def test_an_error_survives_the_way_between_processes(error: KeruenError) -> None:
    assert pickle.loads(pickle.dumps(error)).to_json() == error.to_json()


def test_a_bad_table_lists_all_its_problems() -> None:
    text = str(BadTable([PROBLEM, Problem("speeds", 0, "", "the file is empty", "Put it back")]))
    assert text.splitlines() == [
        "2 problems in the tables:",
        "  places line 7, column lat: 91 degrees north is more than can be. It must be at most 90 degrees north",
        "  speeds: the file is empty. Put it back",
    ]
