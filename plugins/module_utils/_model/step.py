# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a run, and what is known of a layer before one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding

DETACH_STEP = "detach_database"
"""In a journal: the last resort, which no plan has beforehand."""


class StepName(str, Enum):
    """In the order in which they are made."""

    FENCE_REGION = "fence_region"
    SCALE_COMPUTE = "scale_compute"
    DISABLE_EVENT_SOURCES = "disable_event_sources"
    DRAIN_STORAGE = "drain_storage"
    PROMOTE_DATABASE = "promote_database"
    PROMOTE_CACHE = "promote_cache"
    SYNC_PARAMETERS = "sync_parameters"
    PROMOTE_SECRETS = "promote_secrets"
    ENABLE_EVENT_SOURCES = "enable_event_sources"
    SWITCH_TRAFFIC = "switch_traffic"
    SWITCH_EDGE = "switch_edge"
    MOVE_KEYS = "move_keys"


class Phase(str, Enum):
    """The parts of a run, in their order: before and after each a user's own step may stand."""

    PREPARE = "prepare"
    PROMOTE = "promote"
    FOLLOW = "follow"
    TRAFFIC = "traffic"
    VERIFY = "verify"


class LayerState(str, Enum):
    """How a layer stands to what is wanted of it."""

    BEHIND = "behind"  # its step has something to do
    CONVERGED = "converged"  # nothing to do
    UNKNOWN = "unknown"  # couldn't be read
    ABSENT = "absent"  # the workload has none


@dataclass(frozen=True)
class Layer:
    """One layer as observed: the changing ``calls`` that its step would make, and what stands in the way."""

    state: LayerState
    calls: tuple[Call, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class PlannedStep:
    """A step as it would be made: what must hold before it (``gate``), and how it is undone (``way_back``)."""

    name: StepName
    state: LayerState
    calls: tuple[Call, ...]
    iam: tuple[str, ...]
    gate: str
    way_back: str
    point_of_no_return: bool
    needs_us_east_1: bool

    def as_dict(self) -> dict[str, Any]:
        return {
            **vars(self),
            "name": self.name.value,
            "state": self.state.value,
            "calls": [call.as_dict() for call in self.calls],
            "iam": list(self.iam),
        }
