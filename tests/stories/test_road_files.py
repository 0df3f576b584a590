"""Files of road networks, trips and matrices: what is whole comes back as it went, and of what is broken everything is told.

1 ==> 3 ==> 2      two zones, one node between them, and a slow link 1 --> 2 beside it
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from road_toys import demand, road

from keruen.errors import BadTable, UnknownOption
from keruen.network import gmns, omx, tntp
from keruen.network.road import RoadNetwork, Trips

NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 3
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 3
<ORIGINAL HEADER>~ Init node Term node ...
<END OF METADATA>

~ init_node term_node capacity length free_flow_time b power speed toll link_type ;
\t1\t3\t100\t1.5\t2\t0.15\t4\t60\t0\t1\t;
\t3\t2\t100\t1.5\t2.25\t0.15\t4\t60\t5\t1\t;
\t1\t2\t50\t9\t8\t0\t0\t0\t0\t2\t;
"""
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 12.5
<END OF METADATA>

Origin 1
    1 :  0.5;    2 :  12.0;
"""
COLUMNS = ("capacity", "length", "free_flow_time", "b", "power", "toll")
Reader = Callable[[Path], object]


def told(read: Reader, path: Path, text: str | bytes) -> list[tuple[int, str, str]]:
    """Line, column and message of all problems of a file with this text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadTable) as caught:
        read(path)
    for problem in caught.value.problems:
        assert problem.what_to_do and problem.told("ru") != problem.told("en")  # in both languages
    return [(problem.row, problem.column, str(problem.message)) for problem in caught.value.problems]


def same_network(one: RoadNetwork, other: RoadNetwork) -> None:
    for name in ("tail", "head", "through", "zones", *COLUMNS, "speed", "lon", "lat"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    assert (one.nodes, one.zone_names, one.kind) == (other.nodes, other.zone_names, other.kind)


def cells(trips: Trips) -> dict[tuple[int, int], float]:
    pairs = zip(trips.origin.tolist(), trips.destination.tolist(), strict=True)
    return dict(zip(pairs, trips.trips.tolist(), strict=True))


# TNTP


def test_a_whole_network_and_its_trips(tmp_path: Path) -> None:
    (tmp_path / "net").write_text(NET)
    (tmp_path / "trips").write_text("\ufeff" + TRIPS, encoding="utf-8")  # a mark of the byte order is no trouble
    network, trips = tntp.read_network(tmp_path / "net"), tntp.read_trips(tmp_path / "trips")
    assert (network.n, network.m, network.zone_names, network.through.tolist()) == (
        3,
        3,
        ("1", "2"),
        [False, False, True],
    )
    assert network.free_flow_time.tolist() == [2, 2.25, 8] and network.toll.tolist() == [0, 5, 0]
    assert cells(trips) == {(0, 0): 0.5, (0, 1): 12.0} and trips.total == 12.5


BROKEN_NETS = {
    "no end of metadata": (NET.replace("<END OF METADATA>\n", ""), [(0, "", "<END OF METADATA> is missing")]),
    "no counts": (
        NET.replace("<NUMBER OF LINKS> 3\n", "").replace("<NUMBER OF ZONES> 2", "<NUMBER OF ZONES> two"),
        [(1, "NUMBER OF ZONES", "'two' is no whole number from 1 to 20,000,000"), (0, "", "<NUMBER OF LINKS> is missing")],
    ),
    "cut at a line": (NET[: NET.index("\t1\t2\t50")], [(0, "", "links in the file: 2, and there must be 3")]),
    "cut in a line": (
        NET[: NET.index("\t9\t8\t0")],
        [(11, "", "the line does not end in a semicolon"), (11, "", "3 columns, where 10 are needed")],
    ),
    "figures": (
        NET.replace("2.25\t0.15", "nan\t0.15").replace("\t1\t3\t100", "\t1\t7\t1e999").replace("\t9\t8\t", "\t1_0\t-8\t"),
        [
            (9, "term_node", "there is no node '7'; nodes are 1 to 3"), (9, "capacity", "'1e999' is no finite number"),
            (10, "free_flow_time", "'nan' is no finite number"), (11, "length", "'1_0' is no finite number"),
            (11, "free_flow_time", "-8 is below zero"),
        ],
    ),
    "below zero and loops": (
        NET.replace("\t1\t3\t100", "\t3\t3\t0").replace("2.25\t0.15\t4", "2.25\t-0.15\t-4").replace("\t50\t", "\t-50\t"),
        [
            (11, "capacity", "-50 is below zero"), (10, "b", "-0.15 is below zero"), (10, "power", "-4 is below zero"),
            (9, "capacity", "the capacity is 0, and the cost of the link rises with flow over capacity"),
            (9, "", "the link leads from node 3 to itself"),
        ],
    ),
    "a count that would fill the memory": (
        NET.replace("NODES> 3", "NODES> 99999999999999999999"),
        [(2, "NUMBER OF NODES", "'99999999999999999999' is no whole number from 2 to 20,000,000")],
    ),
    "another encoding": (NET.replace("Init node", "Узел").encode("cp1251"), [(5, "", "the byte D3 is no UTF-8")]),
    "wide letters": (NET.encode("utf-16"), [(1, "", "the byte FF is no UTF-8")]),
    "no text": (NET.encode() + b"\0\0", [(12, "", "a byte of zero: this is no text")]),
    "nothing": ("", [(0, "", "<END OF METADATA> is missing")]),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN_NETS)
def test_of_a_broken_network_everything_is_told(tmp_path: Path, name: str) -> None:
    text, problems = BROKEN_NETS[name]
    assert told(tntp.read_network, tmp_path / "net.tntp", text) == problems


BROKEN_TRIPS = {
    "no end of metadata": (TRIPS.replace("<END OF METADATA>\n", ""), [(0, "", "<END OF METADATA> is missing")]),
    "cut at a line": (
        TRIPS.replace("12.0;\n", "12.0;\nOrigin 2\n").replace("12.5", "20"),
        [(2, "", "the trips add up to 12.5, and <TOTAL OD FLOW> says 20")],
    ),
    "cut in a cell": (TRIPS.replace("12.0;\n", "12"), [(6, "", "the line does not end in a semicolon")]),
    "figures": (
        TRIPS.replace("0.5;", "-1; 2 x 3; 9 : 1;  2 : nan;"),
        [
            (6, "trips", "-1 trips"), (6, "", "'2 x 3' is not a cell of the table"),
            (6, "destination", "there is no zone '9'; zones are 1 to 2"), (6, "trips", "'nan' is no finite number"),
        ],
    ),
    "no origin": (TRIPS.replace("Origin 1\n", ""), [(5, "", "trips stand before the first Origin")]),
    "wrong origin": (TRIPS.replace("Origin 1", "Origin 5"), [(5, "origin", "there is no zone '5'; zones are 1 to 2")]),
    "twice": (
        TRIPS + "Origin 1\n 2 : 1.0;\n",
        [(7, "", "the origin 1 stands here again, after line 5"), (0, "", "trips from zone 1 to zone 2 stand twice")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN_TRIPS)
def test_of_broken_trips_everything_is_told(tmp_path: Path, name: str) -> None:
    text, problems = BROKEN_TRIPS[name]
    assert told(tntp.read_trips, tmp_path / "trips.tntp", text) == problems


def test_flows_must_be_of_this_network(tmp_path: Path) -> None:
    (tmp_path / "net").write_text(NET)
    network = tntp.read_network(tmp_path / "net")
    flows = "From \tTo \tVolume \tCost \n1 3 7.5 2\n3 2 x 2\n2 1 5 1\n"
    assert told(lambda path: tntp.read_flows(path, network), tmp_path / "flow", flows) == [
        (3, "Volume", "'x' is no finite number"),
        (4, "", "the network has no link from 2 to 1"),
    ]
    short = told(lambda path: tntp.read_flows(path, network), tmp_path / "flow", flows[: flows.index("3 2")])
    assert short == [(0, "", "links in the file: 1, and there must be 3")]


def test_what_the_format_cannot_hold_is_not_written(tmp_path: Path) -> None:
    network = road(3, 2, [(0, 2, 1, 1, 0.15, 4), (2, 1, np.nan, 1, 0.15, 4)])
    closed = RoadNetwork(**{**vars(network), "through": np.array([True, True, False])})
    with pytest.raises(BadTable) as caught:
        tntp.write_network(closed, tmp_path / "net.tntp")
    assert [(problem.row, problem.column) for problem in caught.value.problems] == [(0, ""), (2, "capacity")]
    assert list(tmp_path.iterdir()) == []


# GMNS

NODES = "node_id,x_coord,y_coord,node_type,zone_id\nA,76.9,43.2,centroid,1\nB,,,,2\nC,77.1,43.3,,\n"
LINKS = (
    "link_id,from_node_id,to_node_id,directed,length,free_speed,capacity,lanes,vdf_alpha,vdf_beta,toll\n"
    "1,A,C,true,30,60,100,2,0.15,4,\n2,C,B,false,15,60,100,1,0.15,4,1\n"
)


def folder_of(path: Path, nodes: str = NODES, links: str = LINKS) -> Path:
    path.mkdir(exist_ok=True)
    (path / "node.csv").write_text(nodes)
    (path / "link.csv").write_text(links)
    return path


def test_a_network_in_gmns(tmp_path: Path) -> None:
    network = gmns.read_network(folder_of(tmp_path / "town"))
    assert (
        network.nodes == ("A", "B", "C")
        and network.zone_names == ("1", "2")
        and network.through.tolist() == [False, True, True]
    )
    ends = list(zip(network.tail.tolist(), network.head.tolist(), strict=True))
    assert ends == [(0, 2), (2, 1), (1, 2)]  # the undirected link is two
    assert network.free_flow_time.tolist() == [30, 15, 15] and network.capacity.tolist() == [
        200,
        100,
        100,
    ]  # minutes; by lane
    assert np.isnan(network.toll[0]) and network.toll[1] == 1 and np.isnan(network.lon[1])  # unknown is not zero


def test_of_broken_gmns_files_everything_is_told(tmp_path: Path) -> None:
    nodes = NODES + "C,1,2,,\n,1,2,,\nD,x,2,,2\n"
    links = LINKS + "3,A,Z,maybe,1,0,1,1,-1,,\n4,A,B,true,1,60,0,1,0.15,4,0\n5,A,B\n"
    with pytest.raises(BadTable) as caught:
        gmns.read_network(folder_of(tmp_path / "town", nodes, links))
    assert [(problem.table, problem.row, problem.column) for problem in caught.value.problems] == [
        ("node.csv", 5, "node_id"), ("node.csv", 6, "node_id"), ("node.csv", 7, "x_coord"), ("node.csv", 0, "zone_id"),
        ("link.csv", 4, "to_node_id"), ("link.csv", 4, "directed"), ("link.csv", 4, "vdf_fftt"), ("link.csv", 4, "vdf_beta"),
        ("link.csv", 6, ""), ("link.csv", 5, "capacity"),
    ]  # fmt: skip
    bare = LINKS.replace("vdf_alpha,vdf_beta", "a,b")
    with pytest.raises(BadTable, match="not known"):
        gmns.read_network(folder_of(tmp_path / "town", links=bare))
    assert gmns.read_network(tmp_path / "town", b=0.15, power=4).power.tolist() == [4, 4, 4]
    with pytest.raises(BadTable, match="the column is missing"):
        gmns.read_network(folder_of(tmp_path / "town", nodes="id\n1\n"))


def test_of_a_broken_demand_everything_is_told(tmp_path: Path) -> None:
    network = gmns.read_network(folder_of(tmp_path / "town"))
    text = "o_zone_id,d_zone_id,volume\n1,2,5\n1,3,x\n1,2,1\n2,1,-4\n"
    assert [(row, column) for row, column, _ in told(lambda path: gmns.read_demand(path, network), tmp_path / "demand.csv", text)] == [
        (3, "d_zone_id"), (3, "volume"), (4, ""), (5, "volume"),
    ]  # fmt: skip


# OMX


def test_matrices_with_names_of_zones(tmp_path: Path) -> None:
    cells = {"rail": np.array([[0, 1.5], [2, 0]]), "sea": np.zeros((2, 2))}
    for zones in (("1", "7"), ("KZAKX", "Поти")):
        omx.write_matrices(omx.Matrices(zones, cells), tmp_path / "m.omx")
        found = omx.read_matrices(tmp_path / "m.omx")
        assert found.zones == zones and found.cells.keys() == cells.keys()
        np.testing.assert_array_equal(found.cells["rail"], cells["rail"])
    trips = omx.trips_of(found, "rail")
    assert trips.zone_names == ("KZAKX", "Поти") and trips.trips.tolist() == [1.5, 2]
    assert trips.for_zones(("Поти", "KZAKX")).origin.tolist() == [1, 0]
    with h5py.File(tmp_path / "m.omx") as file:
        assert file.attrs["OMX_VERSION"] == b"0.2" and file.attrs["SHAPE"].tolist() == [2, 2]
    for wrong in ("road", ""):
        with pytest.raises(UnknownOption, match="rail, sea"):
            omx.trips_of(found, wrong)
    with pytest.raises(UnknownOption):
        omx.read_matrices(tmp_path / "m.omx", lookup="taz")


def test_of_broken_matrices_everything_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.omx"
    with h5py.File(path, "w") as file:
        file["data/a"] = np.array([[1, np.nan], [np.inf, 0]])
        file["data/b"] = np.array([[1, 2], [3, np.nan]])
        file["lookup/zones"] = np.array([5, 5, 6])
    with pytest.raises(BadTable) as caught:
        omx.read_matrices(path)
    assert [(problem.column, str(problem.message)) for problem in caught.value.problems] == [
        ("a", "cells that are no finite number: 2, the first in row 1, column 2"),
        ("b", "cells that are no finite number: 1, the first in row 2, column 2"),
        ("zones", "3 names, and there are 2 zones"),
        ("zones", "names stand twice: 5"),
    ]
    with h5py.File(path, "w") as file:
        file["data/a"], file["data/b"] = np.zeros((2, 3)), np.zeros((2, 2))
    with pytest.raises(BadTable, match="found 2x2, 2x3"):
        omx.read_matrices(path)
    with pytest.raises(BadTable, match="-3 trips"):
        omx.trips_of(omx.Matrices(("1", "2"), {"a": np.array([[0, -3.0], [0, 0]])}))


def test_a_half_written_matrix_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.omx"
    omx.write_matrices(omx.Matrices(("1", "2"), {"a": np.ones((2, 2))}), path)
    whole = path.read_bytes()
    for part in (b"", b"PK\x03\x04", whole[: len(whole) // 2], b"x" * len(whole)):
        path.write_bytes(part)
        with pytest.raises(BadTable, match="no OMX file, or it is cut off"):
            omx.read_matrices(path)
    with pytest.raises(FileNotFoundError):
        omx.read_matrices(tmp_path / "none.omx")


def test_a_matrix_of_ten_million_cells(tmp_path: Path) -> None:
    """3,163 zones: read in seconds; one cell that is no number is found among them."""
    z = 3_163
    cells = np.zeros((z, z))
    cells[17, 5], cells[3_000, 1] = 2.5, 4
    zones = tuple(map(str, range(1, z + 1)))
    omx.write_matrices(omx.Matrices(zones, {"all": cells}), tmp_path / "m.omx")
    assert omx.trips_of(omx.read_matrices(tmp_path / "m.omx")).trips.tolist() == [2.5, 4]
    cells[2_999, 7] = np.nan
    omx.write_matrices(omx.Matrices(zones, {"all": cells}), tmp_path / "m.omx")
    with pytest.raises(BadTable, match="cells that are no finite number: 1, the first in row 3000, column 8"):
        omx.read_matrices(tmp_path / "m.omx")


# Round trips

figures = st.floats(0, 1e9).map(abs)
links = st.tuples(
    st.integers(0, 4), st.integers(0, 4), st.floats(1e-3, 1e6), figures, st.floats(0, 10), st.floats(0, 20)
).filter(lambda link: link[0] != link[1])


@settings(max_examples=30, deadline=None)
@given(
    st.lists(links, min_size=1, max_size=8), st.integers(0, 3),
    st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 2)), st.floats(1e-6, 1e6), max_size=9),
)  # fmt: skip
def test_all_formats_give_back_what_they_got(
    tmp_path_factory: pytest.TempPathFactory, links: list[tuple[int, int, float, float, float, float]], first: int,
    pairs: dict[tuple[int, int], float],
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("road")
    network = road(5, 3, links, first_through=first)
    trips = demand(3, [(*pair, value) for pair, value in pairs.items()])
    tntp.write_network(network, folder / "net.tntp")
    tntp.write_trips(trips, folder / "trips.tntp")
    again = tntp.read_network(folder / "net.tntp")
    same_network(RoadNetwork(**{**vars(network), "speed": np.zeros(network.m)}), again)
    assert cells(tntp.read_trips(folder / "trips.tntp")) == pairs
    gmns.write_network(network, folder / "town", flow=np.ones(network.m))
    gmns.write_demand(trips, folder / "town" / "demand.csv")
    same_network(network, gmns.read_network(folder / "town"))
    assert cells(gmns.read_demand(folder / "town" / "demand.csv", network)) == pairs
    omx.write_matrices(omx.Matrices(trips.zone_names, {"all": omx.matrix_of(trips)}), folder / "trips.omx")
    assert cells(omx.trips_of(omx.read_matrices(folder / "trips.omx"))) == pairs


@pytest.mark.parametrize("write", ["net", "trips", "flow", "omx"])
def test_a_file_that_cannot_be_finished_leaves_the_old_one(
    tmp_path: Path, write: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, trips = road(3, 2, [(0, 2, 1, 1, 0.15, 4)]), demand(2, [(0, 1, 1.0)])
    target = tmp_path / "old"
    target.write_text("old")
    bad = np.array([None], object)
    with pytest.raises((TypeError, ValueError, AttributeError)):
        if write == "net":
            tntp.write_network(RoadNetwork(**{**vars(network), "kind": (None,)}), target)  # type: ignore[arg-type]
        elif write == "trips":
            tntp.write_trips(Trips(trips.zone_names, trips.origin, trips.destination, np.array(["x"])), target)  # type: ignore[arg-type]
        elif write == "flow":
            tntp.write_flows(network, bad, bad, target)
        else:
            omx.write_matrices(omx.Matrices(("1", "2"), {"a": np.ones((3, 3))}), target)
    assert target.read_text() == "old" and list(tmp_path.iterdir()) == [target]
