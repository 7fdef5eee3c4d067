# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told once a Region that was lost has returned and was seen to: from now on the way home is open. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import EventKind, Happening, Level
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import owed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import command
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.region_return import said


def returned(run: RunRecord) -> dict[str, Any]:
    """The Region answers again, its fence is up or isn't, and its lost primary's data are kept or aren't."""
    left = run.summary.get("owed") or ()
    return {
        "events": tuple(_events(run)),
        "title": f"{run.workload}: {run.target} answers again{', and something is owed' if left else ''}",
        "happened": tuple(said(run.summary)) if run.summary.get("fence") else (),
        "figures": (),
        "next_steps": (*(f"Owed: {each}" for each in left), *_home(run)),
    }


def _events(run: RunRecord) -> Iterator[Happening]:
    yield Happening(EventKind.DONE, Level.INFO)
    if set(run.summary.get("owed") or ()) & set(owed.of_fence(run.target)):
        yield Happening(EventKind.FENCE_OWED, Level.CRITICAL)
    if _is_home(run):
        yield Happening(EventKind.FAILBACK_DUE, Level.INFO)


def _home(run: RunRecord) -> Iterator[str]:
    if _is_home(run):
        yield f"Go home, once all is in sync: {command('failback', run.workload, reason='...')}"


def _is_home(run: RunRecord) -> bool:
    return bool(run.details.get("home") == run.target)
