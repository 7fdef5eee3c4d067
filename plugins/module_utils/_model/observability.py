# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workload as its dashboards and alarms see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WatchedLeg:
    """A Region's half: its DB cluster, the services that are looked at, and its AWS Backup vaults."""

    region: str
    cluster_id: str
    services: tuple[str, ...]
    vaults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Watched:
    """What is watched, and whom it calls. ``every`` is how many seconds lie between two looks.

    ``critical`` and ``warning`` are ARNs of topics, each called by the alarms of its own Region. ``runbooks`` is where
    the runbooks are read. ``lag_limit_ms`` is what a standby may be behind, objectives are seconds, ``budget`` what a
    month may cost.
    """

    workload: str
    legs: tuple[WatchedLeg, ...]
    account: str
    partition: str = "aws"
    critical: tuple[str, ...] = ()
    warning: tuple[str, ...] = ()
    runbooks: str = ""
    every: int = 60
    periods: int = 3
    lag_limit_ms: float = 300_000.0
    rto_objective: float = 900.0
    rpo_objective: float = 60.0
    budget: float | None = None

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(leg.region for leg in self.legs)
