# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a preflight keeps of a Region that doesn't answer: what the one before it had. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline

UNREAD = ("source_unreachable", "latch_unknown")
"""The findings that say no more than that a Region didn't answer."""


def standing_in(new: Baseline, before: Baseline | None, unread: Iterable[tuple[str, str]]) -> Baseline:
    """The new one, with what ``before`` had seen and found of each topic and Region that could not be read now.

    A preflight that runs while a Region is lost would leave nothing to stand in for it. That it couldn't be read is no
    finding to keep: whoever uses the baseline sees as much. What the other Region's answer told of it is.
    """
    asked = {pair for pair in unread if new.seen(*pair) is None}
    known = [pair for pair in sorted(asked) if before is not None and before.seen(*pair) is not None]
    if before is None or not asked:
        return new
    observed = {topic: dict(seen) for topic, seen in new.observed.items()}
    older: dict[str, dict[str, float]] = {}
    for topic, region in known:
        observed.setdefault(topic, {})[region] = before.observed[topic][region]
        older.setdefault(topic, {})[region] = before.seen_at(topic, region)
    found = [each for each in new.findings if _about(each) not in asked or each.get("code") not in UNREAD]
    found += [each for each in before.findings if _about(each) in known]
    return replace(new, observed=observed, older=older, findings=tuple(found))


def _about(finding: Mapping[str, Any]) -> tuple[str, str]:
    return str(finding.get("topic", "")), str(finding.get("region", ""))
