# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found wrong, or worth knowing: the currency of every refusal and warning."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(str, Enum):
    """Whether a finding stops the run."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True)
class Finding:
    """``code`` is stable; ``observed`` is what was seen; ``remedy`` is what to do; ``runbook`` is an anchor."""

    code: str
    severity: Severity
    observed: str
    remedy: str
    runbook: str = ""

    def as_dict(self) -> dict[str, str]:
        return {
            "code": self.code,
            "severity": self.severity.value,
            "observed": self.observed,
            "remedy": self.remedy,
            "runbook": self.runbook,
        }


def refusal(code: str, observed: str, remedy: str, runbook: str = "") -> Finding:
    """A finding that stops what was asked for."""
    return Finding(code, Severity.REFUSE, observed, remedy, runbook)


def warning(code: str, observed: str, remedy: str, runbook: str = "") -> Finding:
    """A finding that is shown and doesn't stop anything."""
    return Finding(code, Severity.WARN, observed, remedy, runbook)
