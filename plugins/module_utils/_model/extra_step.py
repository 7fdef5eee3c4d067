# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user's own step of a run: a file of tasks, and where in the run it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.step import Phase

PREPARING, LATER = "extra_preparation", "extra_step"
"""What its name in the journal begins with: before the promotion a run can still be left, after it is finished."""
END = "end"


@dataclass(frozen=True)
class ExtraStep:
    """``point`` is the phase that it stands before; :data:`END` after the last one. ``modes``: the runs it is of.

    ``required``: its failure stops an unplanned run as well.
    """

    name: str
    tasks: str
    point: str
    required: bool
    modes: tuple[str, ...]

    @classmethod
    def from_options(cls, given: Mapping[str, Any]) -> ExtraStep:
        phases = [phase.value for phase in Phase]
        if given.get("before"):
            point = str(given["before"])
        else:
            after = phases.index(str(given["after"])) + 1
            point = phases[after] if after < len(phases) else END
        required = str(given.get("required", False)).lower() in ("true", "yes", "1", "on")
        modes = tuple(given.get("modes") or ("planned", "unplanned"))
        return cls(str(given["name"]), str(given["tasks"]), point, required, modes)

    @property
    def prepares(self) -> bool:
        """Whether nothing was promoted yet when it is made."""
        return self.point in (Phase.PREPARE.value, Phase.PROMOTE.value)

    @property
    def journal_name(self) -> str:
        return f"{PREPARING if self.prepares else LATER} {self.name}"

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "modes": list(self.modes), "step": self.journal_name}
