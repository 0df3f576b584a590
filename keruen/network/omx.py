"""Matrices between zones in the Open Matrix format (OMX 0.2), which is HDF5 with a fixed layout.

    /                 attributes OMX_VERSION = "0.2" and SHAPE = [rows, columns]
    /data/NAME        a matrix of that shape, one for each class of goods, purpose, time of day
    /lookup/NAME      names of the rows and columns, in their order: numbers or texts

Matrices here are square: rows and columns are the same zones. Cells that are no finite number are told, never read as 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from keruen.errors import BadTable, UnknownOption
from keruen.network.road import Floats, Trips
from keruen.network.road_check import Report
from keruen.tables.whole_file import whole_file
from keruen.tables.words import said

VERSION = "0.2"


@dataclass(frozen=True, eq=False)
class Matrices:
    """Matrices by name, float64[z, z] each, between z zones with names."""

    zones: tuple[str, ...]
    cells: Mapping[str, Floats]


def read_matrices(path: Path, *, names: tuple[str, ...] = (), lookup: str = "", strict: bool = True) -> Matrices:
    """The matrices of a file, all or those named; zones are named by a lookup, the only one there is unless one is named.

    A file without lookups has the zones 1 .. z. strict: without, cells that are no finite numbers and zones of one name are left to be told
    by who asks, together with what else he finds wrong.

    Raises:
        BadTable: it is no OMX file or is cut off, shapes or lookups do not fit, cells are no finite numbers.
        UnknownOption: there is no such matrix or lookup.
        OSError: it cannot be read.
    """
    report = Report(path.name)
    with path.open("rb"):
        pass  # a file that is not there is told as such
    try:
        with h5py.File(path, "r") as file:
            data = _members(file, "data")
            lookups = _members(file, "lookup")
            _check_names("data", names, data)
            _check_names("lookup", (lookup,) if lookup else (), lookups)
            if not data:
                report.add(0, "", said("omx_no_data"), said("omx_no_data_do"))
                report.done()
            cells = {name: _cells(report, name, data[name], strict) for name in names or tuple(data)}
            shapes = {matrix.shape for matrix in cells.values()}
            told = tuple(int(size) for size in np.ravel(file.attrs.get("SHAPE", next(iter(shapes)))))
            if len(shapes | {told}) > 1 or len(told) != 2 or told[0] != told[1]:
                sizes = ", ".join(sorted("x".join(map(str, shape)) for shape in shapes | {told}))
                report.add(0, "", said("omx_shapes", shapes=sizes), said("omx_shapes_do"))
                report.done()
            zones = _zones(report, told[0], lookups, lookup, strict)
    except (OSError, RuntimeError, KeyError) as error:  # what the library says of a file that it cannot make sense of
        report.add(0, "", said("omx_broken", why=str(error).strip("'\"")), said("omx_broken_do"))
        raise BadTable(report.problems) from None
    report.done()
    return Matrices(zones, cells)


def write_matrices(matrices: Matrices, path: Path) -> None:
    """Writes matrices with the names of their zones as the lookup `zones`: numbers where all of them are.

    Raises:
        ValueError: a matrix is not zones x zones.
        OSError: the file cannot be written.
    """
    z = len(matrices.zones)
    numbers = all(name.isdecimal() and len(name) <= 9 and name == str(int(name)) for name in matrices.zones)
    with whole_file(path) as draft, h5py.File(draft, "w") as file:
        file.attrs["OMX_VERSION"] = np.bytes_(VERSION)
        file.attrs["SHAPE"] = np.array([z, z], np.int32)
        data = file.create_group("data")
        for name, cells in matrices.cells.items():
            if cells.shape != (z, z):
                raise ValueError(f"the matrix {name} has the shape {cells.shape}, and there are {z} zones")
            packed = {"chunks": True, "compression": "gzip", "compression_opts": 1} if z else {}
            data.create_dataset(name, data=np.asarray(cells, np.float64), **packed)
        names = np.array(list(map(int, matrices.zones)), np.int32) if numbers else list(matrices.zones)
        kind = None if numbers else h5py.string_dtype("utf-8")
        file.create_group("lookup").create_dataset("zones", data=names, dtype=kind)


def trips_of(matrices: Matrices, name: str = "", *, file_name: str = "trips") -> Trips:
    """A matrix as trips, without its cells of 0: the only one there is unless it is named.

    Raises:
        BadTable: trips below zero.
        UnknownOption: there is no such matrix, or several and none is named.
    """
    if not name and len(matrices.cells) > 1:
        raise UnknownOption(said("err_omx_which", known=", ".join(matrices.cells)), tuple(matrices.cells))
    name = name or next(iter(matrices.cells))
    _check_names("data", (name,), matrices.cells)
    cells = matrices.cells[name]
    report = Report(file_name)
    for origin, destination in np.argwhere(cells < 0):
        where = f"{name}[{matrices.zones[origin]}, {matrices.zones[destination]}]"
        report.add(0, where, said("road_trips", value=f"{cells[origin, destination]:g}"), said("road_trips_do"))
    report.done()
    origin, destination = (ends.astype(np.int32) for ends in np.nonzero(cells))
    return Trips(matrices.zones, origin, destination, cells[origin, destination])


def matrix_of(trips: Trips) -> Floats:
    """Trips as a matrix: float64[z, z]."""
    z = len(trips.zone_names)
    cells = np.zeros((z, z))
    np.add.at(cells, (trips.origin, trips.destination), trips.trips)
    return cells


def _members(file: Any, group: str) -> dict[str, Any]:
    """The arrays of a group by name; none where there is no group."""
    found = file.get(group)
    if not isinstance(found, h5py.Group):
        return {}
    return {str(name): member for name, member in found.items() if isinstance(member, h5py.Dataset)}


def _check_names(group: str, wanted: tuple[str, ...], known: Mapping[str, Any]) -> None:
    for name in wanted:
        if name not in known:
            raise UnknownOption(
                said("err_omx_name", group=group, name=name, known=", ".join(known) or "-"), tuple(known)
            )


def _cells(report: Report, name: str, member: Any, strict: bool) -> NDArray[np.float64]:
    """A matrix, with a problem if it holds what is no finite number."""
    if member.ndim != 2 or member.dtype.kind not in "iuf":
        report.add(0, name, said("omx_no_matrix", kind=f"{member.dtype} {member.shape}"), said("omx_no_data_do"))
        report.done()
    cells = np.asarray(member[()], np.float64)
    wrong = np.argwhere(~np.isfinite(cells))
    if strict and len(wrong):
        row, column = (int(i) + 1 for i in wrong[0])
        report.add(0, name, said("omx_not_finite", count=len(wrong), row=row, column=column), said("omx_not_finite_do"))
    return cells


def _zones(report: Report, z: int, lookups: Mapping[str, Any], chosen: str, strict: bool) -> tuple[str, ...]:
    """The names of the zones."""
    if not lookups:
        return tuple(map(str, range(1, z + 1)))
    if not chosen and len(lookups) > 1:
        raise UnknownOption(said("err_omx_lookup", known=", ".join(lookups)), tuple(lookups))
    name = chosen or next(iter(lookups))
    values = np.ravel(lookups[name][()])
    zones = tuple(value.decode("utf-8", "replace") if isinstance(value, bytes) else f"{value}" for value in values)
    if len(zones) != z:
        report.add(0, name, said("omx_lookup_size", found=len(zones), wanted=z), said("omx_shapes_do"))
    if strict and len(set(zones)) != len(zones):
        again = sorted({zone for zone in zones if zones.count(zone) > 1})[:8]
        report.add(0, name, said("omx_lookup_twice", names=", ".join(again)), said("omx_lookup_twice_do"))
    return zones
