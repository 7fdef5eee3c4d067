# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which unplanned failovers are about one loss of a primary, by the history of runs. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Outcome, RunKind

UNPLANNED = "unplanned"
MOVED = (Outcome.SUCCEEDED.value, Outcome.DEGRADED.value, Outcome.SPLIT.value)
History = Sequence[Mapping[str, Any]]
"""Runs as ``RunRecord.as_dict`` has them, the newest first."""


def last_unplanned(history: History) -> str:
    """The newest unplanned failover's id; empty where there is none."""
    return next((str(run["id"]) for run in history if _is_unplanned(run)), "")


def of_one_loss(history: History, run_id: str) -> tuple[str, ...]:
    """The ids of the unplanned failovers that lost the same primary, ``run_id``'s first.

    One was cut short, say, and another ended it. Where the writer has been moved elsewhere in between, it is another
    loss. Empty where ``run_id`` isn't known.
    """
    at = next((index for index, run in enumerate(history) if run["id"] == run_id), None)
    if at is None:
        return ()
    target = history[at]["target"]
    beside = [
        *takewhile(lambda run: not _moved_elsewhere(run, target), reversed(history[:at])),
        *takewhile(lambda run: not _moved_elsewhere(run, target), history[at + 1 :]),
    ]
    # One that failed was closed before its promotion had begun.
    same = [run for run in beside if _is_unplanned(run) and run["target"] == target]
    return (run_id, *(str(run["id"]) for run in same if run["outcome"] != Outcome.FAILED.value))


def _is_unplanned(run: Mapping[str, Any]) -> bool:
    return bool(run["kind"] == RunKind.FAILOVER.value and run["mode"] == UNPLANNED)


def _moved_elsewhere(run: Mapping[str, Any], target: str) -> bool:
    moves = run["kind"] in (RunKind.FAILOVER.value, RunKind.FAILBACK.value) and run["target"] != target
    return moves and run["outcome"] in MOVED
