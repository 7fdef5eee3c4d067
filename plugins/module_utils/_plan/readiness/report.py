# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A preflight summed up: what it found for each kind of failover, as a table that a person reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, Severity, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import RUNBOOK


@dataclass(frozen=True)
class Row:
    """A finding, and the modes in which it refuses and warns."""

    finding: Mapping[str, str]
    refuses: tuple[str, ...]
    warns: tuple[str, ...]

    @property
    def heavy(self) -> bool:
        return bool(self.refuses)


def rows(by_mode: Mapping[str, Sequence[Mapping[str, str]]]) -> tuple[Row, ...]:
    """Each finding once, refusals first."""
    found: dict[tuple[str, str, str], Row] = {}
    for mode, findings in by_mode.items():
        for each in findings:
            key = (each["code"], each.get("region", ""), each["observed"])
            row = found.get(key, Row(each, (), ()))
            refuses = each["severity"] == Severity.REFUSE.value
            found[key] = Row(
                each if refuses else row.finding,
                row.refuses + ((mode,) if refuses else ()),
                row.warns + (() if refuses else (mode,)),
            )
    return tuple(sorted(found.values(), key=lambda row: not row.heavy))


def canary_finding(asked: bool, result: Mapping[str, Any] | None) -> Finding | None:
    """What is wrong with the canary: its name didn't follow, or there is none."""
    if not asked:
        return None
    if result is None:
        return refusal(
            "canary_not_configured",
            "A canary was asked for, and aws_dr_canary isn't set.",
            "Make it a key, health checks and a record of its own, and describe them in aws_dr_canary.",
            f"{RUNBOOK}#canary_not_configured",
        )
    if "canary" in result:
        return None
    return refusal(
        "canary_failed",
        str(result.get("msg", "The canary's name didn't follow its latch.")),
        "Check that the health checkers may read the objects (anonymously, unencrypted by KMS), and the records.",
        f"{RUNBOOK}#canary_failed",
    )


def there_already(target: str, source: str, home: str) -> str:
    """What is to be said where the target writes: the question is then about the way from there."""
    way_home = ", and of the way home: ansible-playbook multiregion.aws_dr.failback --check" if source == home else ""
    return f"{target} is the writer already. Of {source} a preflight with -e target={source} tells{way_home}"


def lines(
    workload: str, target: str, ready: Mapping[str, bool], table: Sequence[Row], told: Sequence[str]
) -> list[str]:
    """The summary as a person reads it; ``told`` is what follows the verdict."""
    verdicts = [f"{mode} {'would be begun' if good else 'would be REFUSED'}" for mode, good in ready.items()]
    shown = [f"{workload}: a failover to {target}: {', '.join(verdicts)}", *told]
    width = max((len(row.finding["code"]) for row in table), default=0)
    for row in table:
        word = "REFUSES" if row.heavy else "warns"
        modes = "+".join(row.refuses or row.warns)
        shown.append(f"{word:8}{modes:18}{row.finding['code']:{width}}  {row.finding['observed']}")
        shown.append(f"{'':{26 + width}}  -> {row.finding['remedy']}")
    return shown
