"""The rules as data: loaded once, with the arithmetic of identities written out from the form's editions."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from pipeline.forms import Identity, load

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Rule:
    """A rule: what kind it is, how severe a breach is, its names, and the sentence of its finding.

    `tables` and `editions` are those it speaks of; without any it is for all of them, or for none. `patterns` are the
    regular expressions it goes by, where it is about words.
    """

    code: str
    kind: Literal["check", "note"]
    severity: Severity
    zh: str
    en: str
    formula: str | None = None
    message: str = ""
    tables: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    def breach(
        self,
        report: int,
        *,
        place: str = "",
        table: str | None = None,
        cells: str | None = None,
        expected: str | None = None,
        observed: str | None = None,
        locator: str | None = None,
        **words: str,
    ) -> dict[str, Any]:
        """The row of `findings` for a breach, but for the report's id: `report` is its number in the batch.

        `place` is what people call the place; `words` are what else the sentence needs.
        """
        return {
            "report": report,
            "rule": self.code,
            "table_name": table,
            "cell_keys": cells,
            "expected": expected,
            "observed": observed,
            "locator": locator,
            "message": self.message.format(place=place, expected=expected, observed=observed, **words),
        }


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """Every rule by code, in the order of the file."""
    source = tomllib.loads(files("pipeline.checks").joinpath("rules.toml").read_text("utf-8"))
    summed = _summed()
    return {
        code: Rule(code, **summed.get(code, {}) | {name: _frozen(value) for name, value in fields.items()})
        for code, fields in source.items()
    }


def _frozen(value: str | list[str]) -> str | tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else value


def _summed() -> dict[str, dict[str, Any]]:
    """What the form's editions say of the rules that are identities: formula, tables and editions."""
    found: dict[str, list[tuple[str, Identity]]] = {}
    for edition in load().editions.values():
        for identity in edition.identities:
            found.setdefault(identity.rule, []).append((edition.edition, identity))
    return {
        code: {
            "formula": _formula(entries[-1][1]),
            "tables": tuple(dict.fromkeys(identity.table for _, identity in entries)),
            "editions": tuple(dict.fromkeys(edition for edition, _ in entries)),
        }
        for code, entries in found.items()
    }


def _formula(identity: Identity) -> str:
    """An identity in codes; the editions differ only in how many outcomes they add up."""
    right = " + ".join(identity.right) if len(identity.right) <= 6 else "sum of all outcomes"
    return f"{' + '.join(identity.left)} {identity.relation} {right or 0}"
