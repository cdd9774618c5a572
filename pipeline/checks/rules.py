"""The rules as data: loaded once, with the arithmetic of identities written out from the form's editions."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pipeline.forms import Identity, load

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Rule:
    """A rule: what kind it is, how severe a breach is, its names, and the sentence of its finding."""

    code: str
    kind: Literal["check", "note"]
    severity: Severity
    zh: str
    en: str
    formula: str | None = None
    message: str = ""


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """Every rule by code, in the order of the file."""
    source = tomllib.loads(files("pipeline.checks").joinpath("rules.toml").read_text("utf-8"))
    written = {
        identity.rule: _formula(identity) for edition in load().editions.values() for identity in edition.identities
    }
    return {code: Rule(code, **{"formula": written.get(code), **fields}) for code, fields in source.items()}


def _formula(identity: Identity) -> str:
    """An identity in codes; the editions differ only in how many outcomes they add up."""
    right = " + ".join(identity.right) if len(identity.right) <= 6 else "sum of all outcomes"
    return f"{' + '.join(identity.left)} {identity.relation} {right}"
