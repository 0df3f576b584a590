"""A scenario: a function from a dataset to a dataset, as a short list of what changes, each with its reason.

    scenario = read_scenario(text, data)      TOML; everything wrong with it is told at once
    changed  = scenario.apply(data)           another dataset; `data` is as it was
    question(data)  beside  question(changed)

No question knows that scenarios exist. What is closed becomes a row of `conditions` that always holds; a changed or an added row
cites a source of its own, which says the scenario and the reason, so that `sources` opens a changed figure like any other.
Scenarios may be applied one after the other. How an entry becomes rows is told in `scenario_apply`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from keruen.errors import BadScenario, UnknownScenario
from keruen.tables.dataset import SHIPPED, Dataset
from keruen.tables.scenario_apply import Changed, applied
from keruen.tables.scenario_entries import Add, Caspian, Change, Close, Entry
from keruen.tables.scenario_file import Draft, entries_of, written
from keruen.tables.words import said, words_in

SHIPPED_SCENARIOS = SHIPPED / "scenarios"


@dataclass(frozen=True)
class Scenario:
    """What changes, in the order in which it is applied: added rows, changed cells, the level of the Caspian, what is closed."""

    name: str
    title: str = ""
    title_ru: str = ""
    close: tuple[Close, ...] = ()
    change: tuple[Change, ...] = ()
    add: tuple[Add, ...] = ()
    caspian: Caspian | None = None

    def called(self, lang: str) -> str:
        """The title in a language, else the one there is, else the name."""
        return (self.title_ru if lang == "ru" else "") or self.title or self.name

    def entries(self) -> Iterator[tuple[str, int, Entry]]:
        """The entries that are not off as kind, number from 1 among all of the kind, entry, in the order in which they are applied."""
        for kind, entries in (
            ("add", self.add),
            ("change", self.change),
            ("caspian", self.lowered),
            ("close", self.close),
        ):
            yield from ((kind, number, entry) for number, entry in enumerate(entries, 1) if not entry.off)

    @property
    def lowered(self) -> tuple[Caspian, ...]:
        """The level of the Caspian as a list of one entry or none."""
        return (self.caspian,) if self.caspian is not None else ()

    def in_order(self) -> list[tuple[str, Entry]]:
        """All entries with their kinds, in the order in which they are written."""
        kinds = (("close", self.close), ("change", self.change), ("add", self.add), ("caspian", self.lowered))
        return [(kind, entry) for kind, entries in kinds for entry in entries]

    def apply(self, data: Dataset) -> Dataset:
        """The dataset with everything changed; the same object if nothing is.

        Raises:
            BadScenario: something cannot be done to this dataset; all problems are listed.
        """
        return self._applied(data)[0]

    def changes(self, data: Dataset) -> tuple[Changed, ...]:
        """Everything that applying it to a dataset changes, also what follows from the level of the Caspian. Raises as `apply`."""
        return self._applied(data)[1]

    def _applied(self, data: Dataset) -> tuple[Dataset, tuple[Changed, ...]]:
        changed, changes, problems = applied(self.name, self.called("en"), self.entries(), data)
        if problems:
            raise BadScenario(self.name, problems)
        return changed, changes

    def to_toml(self) -> str:
        """The scenario as TOML, which `read_scenario` reads back to an equal scenario."""
        head = {"name": self.name, "title": self.title, "title_ru": self.title_ru}
        return written(head, self.in_order())

    def describe(self, lang: str = "en") -> list[str]:
        """Each entry that is not off as a sentence, in English or Russian. Raises UnknownOption for another language."""
        words = words_in(lang)
        return [entry.text(words, lang) for _, entry in self.in_order() if not entry.off]


def parse_scenario(text: str) -> Scenario:
    """The scenario that a text is, by its form alone. Raises BadScenario with everything wrong with the form."""
    return scenario_of(entries_of(text))


def scenario_of(draft: Draft) -> Scenario:
    """The scenario that was read. Raises BadScenario with everything wrong with its form."""
    if draft.problems:
        raise BadScenario(draft.name, draft.problems)
    return Scenario(
        draft.name,
        draft.title,
        draft.title_ru,
        tuple(draft.close),
        tuple(draft.change),
        tuple(draft.add),
        draft.caspian,
    )


def read_scenario(text: str, data: Dataset) -> Scenario:
    """The scenario in a text of TOML, for a dataset.

    Raises:
        BadScenario: with everything that is wrong: of its form, else of what it names.
    """
    scenario = parse_scenario(text)
    scenario.apply(data)
    return scenario


def shipped_scenarios(data: Dataset | None = None) -> dict[str, Scenario]:
    """The ready-made scenarios by name, in order of their names; of a dataset those that can be applied to it."""
    found = {}
    for path in sorted(SHIPPED_SCENARIOS.glob("*.toml")):
        scenario = parse_scenario(path.read_text(encoding="utf-8"))
        try:
            if data is not None:
                scenario.apply(data)
        except BadScenario:
            continue
        found[scenario.name] = scenario
    return found


def find_scenario(file_or_name: str, data: Dataset) -> Scenario:
    """The scenario in a file, or the ready-made one of this name.

    Raises:
        UnknownScenario: there is neither.
        BadScenario: it cannot be applied to the dataset.
    """
    path = Path(file_or_name)
    shipped = SHIPPED_SCENARIOS / f"{file_or_name}.toml"
    if shipped.parent == SHIPPED_SCENARIOS and "/" not in file_or_name and shipped.is_file():
        path = shipped
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UnknownScenario(said("err_scenario_not_text", name=file_or_name)) from None
    except OSError as problem:
        names = sorted(one.stem for one in SHIPPED_SCENARIOS.glob("*.toml"))
        missing = isinstance(problem, FileNotFoundError)
        reason = said("no_such_file") if missing else problem.strerror or str(problem)
        unknown = said("err_no_scenario_file", name=file_or_name, reason=reason, known=", ".join(names))
        raise UnknownScenario(unknown, names) from None
    return read_scenario(text, data)
