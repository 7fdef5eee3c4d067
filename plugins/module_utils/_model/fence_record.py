# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the state table keeps of a Region's fence, until it is lifted or what is owed has been done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FENCED = "fenced"
OWED = "owed"


@dataclass(frozen=True)
class FenceRecord:
    """The fence of one workload's ``region``: it stands, or it is owed because the Region couldn't be reached.

    ``before`` is what there was, so that it can be lifted; ``at`` is in epoch seconds.
    """

    workload: str
    region: str
    state: str
    method: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    at: float = 0.0
    run_id: str = ""

    @property
    def owed(self) -> bool:
        return self.state == OWED

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "before": dict(self.before)}
