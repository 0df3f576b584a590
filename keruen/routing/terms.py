"""What is asked as terms of a search: arcs that are closed, sets of arcs that must be used, corridors that a way must keep out of.

A search can close arcs and ask for arcs; it cannot see corridors. A way keeps out of a corridor D in one of these cases:

    no gate of D is used,   or some `also` of D is not used,   or some `never` of D is used

Each is a search of its own, with these arcs closed or asked for, and the ways of all of them together are those that keep out. Most
corridors leave one case only: the other arcs are closed or asked for already. These cases are settled beforehand (unit propagation);
the others are told apart only when a search finds a way that is of D, since without such a way D changes nothing.

To go by the name of a corridor is to meet its conditions and to keep out of all corridors before it. It is enough to look at the kinds
of open arcs: the sets of features (bits) that some open arc has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from keruen.errors import UnknownOption
from keruen.network.graph import Graph
from keruen.routing.corridors import Corridor, arcs_having
from keruen.routing.demands import NOTHING, Demand, united
from keruen.tables.words import said

Kinds = NDArray[np.uint64]
MOST_USED = 4


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms of one search.

    closed: arcs int32[k] not to be used, with the features (bits) of `shut`. used: sets of arcs of which one each must be used; `asked`
    are those among them that are all arcs with any of some features, as bits. apart: corridors that a way must keep out of and still
    could belong to. kinds: the sets of features that open arcs have, uint64[k]. extra: whether arcs are asked for only to keep out of a
    corridor.
    """

    closed: NDArray[np.int32]
    shut: int
    used: tuple[NDArray[np.int32], ...]
    asked: tuple[int, ...]
    apart: tuple[Corridor, ...]
    kinds: Kinds
    extra: bool = False

    def can_use(self, features: int) -> bool:
        """Whether some open arc has one of these features."""
        return bool(np.any(self.kinds & np.uint64(features)))

    def without(self, features: int) -> Terms | None:
        """The terms with all arcs closed that have one of these features; None if nothing that is asked for would be left."""
        kinds = self.kinds[(self.kinds & np.uint64(features)) == 0]
        if not all(np.any(kinds & np.uint64(asked)) for asked in self.asked):
            return None
        return replace(self, shut=self.shut | features, kinds=kinds)

    def using(self, graph: Graph, features: int) -> Terms | None:
        """The terms with an arc asked for that has one of these features; None if there is no open one."""
        if not self.can_use(features):
            return None
        used, asked = (*self.used, arcs_having(graph, features)), (*self.asked, features)
        return replace(self, used=used, asked=asked, extra=True)

    def always_uses(self, features: int) -> bool:
        """Whether what is asked for cannot be had without one of these features."""
        for asked in self.asked:
            mine = self.kinds[(self.kinds & np.uint64(asked)) != 0]
            if np.all(mine & np.uint64(features)):
                return True
        return False

    def cases(self, graph: Graph, corridor: Corridor) -> list[Terms] | None:
        """The terms under which a way keeps out of a corridor; None if it does already. An empty list: it cannot."""
        parts = [*([corridor.gates] if corridor.gates else []), *corridor.also]
        if not all(self.can_use(part) for part in parts) or (corridor.never and self.always_uses(corridor.never)):
            return None
        found = [self.without(part) for part in parts]
        if corridor.never:
            found.append(self.using(graph, corridor.never))
        return [replace(case, apart=tuple(c for c in self.apart if c is not corridor)) for case in found if case]


def terms_of(
    graph: Graph, corridors: Iterable[Corridor], demands: Iterable[Demand], usable: NDArray[np.bool_]
) -> Terms | None:
    """The terms of what is asked, None if they cannot be met. usable: bool[m], arcs that the consignment can use.

    Raises:
        UnknownOption: more than four things are required.
    """
    asked = list(demands)
    used = tuple(arcs for demand in asked for arcs in demand.used)
    if len(used) > MOST_USED:
        raise UnknownOption(said("err_most_used", most=MOST_USED, given=len(used)))
    names = [demand.only_as for demand in asked if demand.only_as]
    apart = [demand.not_as for demand in asked if demand.not_as]
    apart += [corridor for corridor in corridors if names and corridor.rank < names[0].rank]
    features = tuple(part for name in names for part in ((name.gates, *name.also) if name.gates else name.also))
    closed = united(demand.closed for demand in asked) if asked else NOTHING
    terms = Terms(
        closed, 0, used, features, tuple(dict.fromkeys(apart)), open_kinds(graph, usable, closed) if apart else NO_KINDS
    )
    return settled(graph, terms)


NO_KINDS = np.empty(0, np.uint64)


def open_kinds(graph: Graph, usable: NDArray[np.bool_], closed: NDArray[np.int32]) -> Kinds:
    """The sets of features that arcs have which are usable and not closed."""
    if "kinds" not in graph.memo:
        graph.memo["kinds"] = np.unique(graph.arc_features, return_inverse=True)
    kinds, kind_of = graph.memo["kinds"]
    opened = usable.copy()
    opened[closed] = False
    return np.asarray(kinds[np.bincount(kind_of[opened], minlength=len(kinds)) > 0])


def settled(graph: Graph, terms: Terms | None) -> Terms | None:
    """The terms with every corridor kept out of that only one case keeps out of, until none is left; None if one cannot be kept out of."""
    while terms is not None:
        for corridor in terms.apart:
            cases = terms.cases(graph, corridor)
            if cases is None:
                terms = replace(terms, apart=tuple(c for c in terms.apart if c is not corridor))
                break
            if not cases:
                return None
            if len(cases) == 1 and not cases[0].extra:
                terms = cases[0]
                break
        else:
            return terms
    return None
