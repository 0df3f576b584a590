"""keruen chain and keruen siting as a user meets them."""

from __future__ import annotations

import pytest
from command_line import RunCli


def test_a_car_from_the_ground_up(run_cli: RunCli) -> None:
    said = run_cli("chain", "electric_car", "--json")
    goods = {row["good"]: row for row in said.json["goods"]}
    assert said.code == 0 and goods["spodumene_ore"]["role"] == "raw"
    assert goods["pack_nmc811"]["amount"] == pytest.approx(58.96)
    assert abs(said.json["mass_error_t"]) < 1e-12
    text = run_cli("chain", "electric_car", "--lang", "ru").out
    assert "Сподуменовая руда" in text and "из недр" in text


def test_wrong_goods_and_recipes_say_what_there_is(run_cli: RunCli) -> None:
    unknown = run_cli("chain", "unobtainium")
    assert unknown.code == 2 and "electric_car" in unknown.err
    assert run_cli("chain", "pack_lfp", "--by", "cells").code == 2
    assert "carbonate_from_brine" in run_cli("chain", "pack_lfp", "--by", "lithium_carbonate=cells_lfp").err


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_one_country_against_another(run_cli: RunCli) -> None:
    row = run_cli("siting", "--compare", "KZ:HU", "--json").json["rows"][0]
    assert row["site"] and 40 < row["usd_per_kwh"] < 100
    power = next(one for one in row["break_evens"] if one["what"] == "electricity")
    assert (power["then"] > power["now"]) == (row["usd_per_kwh"] < row["other_usd_per_kwh"])
    refused = run_cli("siting", "--compare", "KZ:TR")
    assert refused.code == 2 and "country_costs:TR/labour_usd_h" in refused.err


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_a_plan_tells_how_far_from_the_best_it_is(run_cli: RunCli) -> None:
    plan = run_cli("siting", "--periods", "1", "--gap", "0.2", "--seconds", "60", "--json").json
    assert plan["bound_usd"] <= plan["cost_usd"] and plan["gap"] <= 0.2
    assert sum(plan["lacking_kwh"]) == pytest.approx(0, abs=1.0)
    assert {row["recipe"] for row in plan["shares"]} >= {"cells_lfp", "cells_nmc811", "cathode_lfp"}
    assert any(row["missing"] for row in plan["left_out"])


@pytest.mark.world
@pytest.mark.usefixtures("world_data")
def test_a_unit_from_the_ore_to_a_market(run_cli: RunCli) -> None:
    way = run_cli("chain", "cell_lfp", "--market", "hu_budapest", "--json").json
    steps = way["steps"]
    assert way["usd"] == pytest.approx(sum(step["usd"] for step in steps))
    assert way["kg_co2e"] == pytest.approx(sum(step["kg_co2e"] or 0 for step in steps))
    assert {step["recipe"] for step in steps} >= {"cathode_lfp", "cells_lfp"}
    assert all(step["duty_usd"] is None or step["duty_usd"] <= step["usd"] for step in steps)
    assert set(way["kg_co2e_unknown_of"]) == {
        step["recipe"] or step["good"] for step in steps if step["kg_co2e"] is None
    }
    ore = run_cli("chain", "titanium", "--market", "de_munich", "--json").json
    made = [step["recipe"] for step in ore["steps"] if step["recipe"]]
    assert made == ["concentrate_ilmenite", "smelt_titanium_slag", "reduce_titanium_sponge", "melt_titanium_ingot"]
    assert ore["kg_co2e_unknown_of"] == [] and ore["usd"] == pytest.approx(sum(step["usd"] for step in ore["steps"]))


def test_goods_that_cannot_be_placed_are_refused_before_anything_is_built(run_cli: RunCli) -> None:
    car = run_cli("chain", "electric_car", "--market", "hu_budapest")
    assert car.code == 2 and "cell_lfp" in car.err and "titanium_ingot" in car.err
    assert "hu_budapest" in run_cli("chain", "titanium", "--market", "nowhere").err


def test_a_unit_along_a_chain_tells_cost_and_co2e(run_cli: RunCli) -> None:
    cost = run_cli("chain", "titanium", "--in", "kz", "--in", "melt_titanium_ingot=FR", "--json").json["cost"]
    assert {row["recipe"]: row["country"] for row in cost["rows"]}["melt_titanium_ingot"] == "FR"
    assert cost["usd"] == pytest.approx(sum(row["usd"] for row in cost["rows"]))
    assert cost["usd_range"][0] < cost["usd"] < cost["usd_range"][1]
    assert "опубликовано" in run_cli("chain", "магниты", "--lang", "ru").out
    car = run_cli("chain", "electric_car", "--in", "HU", "--json").json["cost"]
    assert car["usd"] is None and "vehicle_parts" in car["usd_unknown_of"]
    assert run_cli("chain", "copper", "--in", "ZZ").code == 2 and run_cli("chain", "copper", "--in", "x=CN").code == 2


def test_shares_and_cases_must_make_sense(run_cli: RunCli) -> None:
    assert run_cli("siting", "--at-least", "EU=2").code == 2
    assert run_cli("siting", "--case", "suez_closed").code == 2
    assert run_cli("chain", "cell_lfp", "--market", "hu_budapest", "--amount", "3").code == 2


def test_shares_that_nobody_can_keep_are_refused_with_the_steps(run_cli: RunCli) -> None:
    for asked in (("--most-of-one-country", "0.05"), ("--at-least", "EU=0.7", "--at-least", "KZ=0.7")):
        found = run_cli("siting", "--periods", "1", *asked)
        assert found.code == 2 and " ".join(asked[:2]) in found.err
        assert "cell_lfp" in found.err and "cells_lfp: CN, CZ" in found.err
