# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user's own steps of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.extra_steps import (
    POINTS,
    extra_findings,
    extra_steps,
    to_be_made,
)


def extra_step_refusals(given: Sequence[Any], directory: str) -> list[dict[str, str]]:
    """Why the steps can't be made as they are described, as a list of findings."""
    paths = [_path(each["tasks"], directory) for each in given if isinstance(each, Mapping) and each.get("tasks")]
    missing = [path for path in paths if not Path(path).is_file()]
    return [finding.as_dict() for finding in extra_findings(given, missing)]


def extra_steps_by_point(
    given: Sequence[Mapping[str, Any]], mode: str, events: Sequence[Mapping[str, Any]], directory: str
) -> dict[str, list[dict[str, Any]]]:
    """The steps that this run is to make yet, by where they stand; each with its file's path, its journal name, and the
    ``part`` of a run that makes it."""
    steps = to_be_made(extra_steps(given, mode), events)
    return {
        point: [
            {"part": "extra", **step.as_dict(), "path": _path(step.tasks, directory)}
            for step in steps
            if step.point == point
        ]
        for point in POINTS
    }


def _path(tasks: Any, directory: str) -> str:
    return str(Path(directory or ".", Path(str(tasks)).expanduser()))


class FilterModule:
    """Filters about a user's own steps."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"extra_step_refusals": extra_step_refusals, "extra_steps_by_point": extra_steps_by_point}
