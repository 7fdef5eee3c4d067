# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run: one failover, failback or drill of one workload, and the token that its steps carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RunToken:
    """What ``run_open`` hands to every step of a run.

    ``fence`` only ever grows: a step whose fence isn't the lock's any more belongs to a run that was taken over.
    ``region`` is where the state table is reached. ``journal`` is a local file instead of a table, after breaking
    the glass. ``pid`` and ``pid_started`` name the controller's process, 0 where that isn't known.
    """

    id: str
    fence: int
    lock: str
    table: str = ""
    region: str = ""
    journal: str = ""
    pid: int = 0
    pid_started: int = 0

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> RunToken:
        return cls(**{name: options[name] for name in cls.__dataclass_fields__ if options.get(name) is not None})

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))
