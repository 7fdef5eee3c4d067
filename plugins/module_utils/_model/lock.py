# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock of a workload's global cluster: who holds it, and the two numbers that tell holders apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Holder:
    """Which process took the lock, and where. ``nonce`` is new with every taking, so that a lost answer can be told.

    ``place`` names the machine, its start and its process namespace: a pid says something only there. ``pid`` is 0
    where the controller's process isn't known; ``pid_started`` tells it from a later one with the same number.
    """

    nonce: str
    host: str = ""
    place: str = ""
    pid: int = 0
    pid_started: int = 0
    user: str = ""

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Holder:
        return cls(**values)


@dataclass(frozen=True)
class Lock:
    """What stands in the state table under one key. It is never deleted, so that the fence only ever grows.

    ``version`` grows with each renewal: what stood still for a whole lease has no holder that lives. ``run_id`` is
    empty when it is free; ``holder`` is ``None`` when it is free, or unlocked by a person. ``taken_at`` (epoch seconds)
    is shown to people and compared with nothing.
    """

    key: str
    fence: int
    version: int
    run_id: str = ""
    holder: Holder | None = None
    taken_at: float = 0.0

    @property
    def free(self) -> bool:
        return not self.run_id
