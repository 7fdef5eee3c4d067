# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a workload is owed after an unplanned failover, in the words that runs keep and later ones settle. Pure."""

from __future__ import annotations

from collections.abc import Sequence

OTHER = "the other Region"
OLD_WRITER = "the old writer isn't known to be blocked: fence it when its Region is back"


def standby(region: str) -> str:
    """There is no standby."""
    return f"{region} is no standby yet: its database is to become a replica in sync"


def fence(region: str, state: str) -> str:
    """The Region may still acknowledge writes."""
    return f"the fence of {region} is {state}: it is to be put up when that Region is back"


def snapshot(region: str) -> str:
    """The lost writes could be lost for good."""
    return f"the snapshot of the lost primary in {region} is still to be kept: it holds the lost writes, and expires"


def of_fence(region: str) -> tuple[str, ...]:
    """All that a fence settles."""
    return OLD_WRITER, *(fence(region, state) for state in ("owed", "partial", "unknown"))


def of_standby(region: str) -> tuple[str, ...]:
    """All that a replica in sync settles. A run that went home names the other Region only so."""
    return standby(region), standby(OTHER)


def left(before: Sequence[str], settled: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """What was owed and isn't settled, then what is owed since; each once."""
    return tuple(dict.fromkeys([*(each for each in before if each not in settled), *new]))
