# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client saw over a while: how often it failed, and for how long at a stretch. Times are epoch seconds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.probe import Sample


@dataclass(frozen=True)
class Gap:
    """From when the first failed request of a stretch was sent to when the first good one after it was."""

    started: float
    ended: float

    @property
    def seconds(self) -> float:
        return max(0.0, self.ended - self.started)


@dataclass(frozen=True)
class Watch:
    """Folded over the samples one by one. ``failing_since`` is that of a stretch that isn't over."""

    samples: int = 0
    failures: int = 0
    gaps: tuple[Gap, ...] = ()
    failing_since: float | None = None
    last: float = 0.0
    last_error: str = ""

    @property
    def longest(self) -> float:
        """The longest gap in seconds; one that isn't over counts up to the last sample. 0 where none failed."""
        still = [Gap(self.failing_since, self.last)] if self.failing_since is not None else []
        return max((each.seconds for each in (*self.gaps, *still)), default=0.0)


def after(watch: Watch, sample: Sample) -> Watch:
    """The watch once ``sample``, newer than all before it, is taken in."""
    counted = replace(watch, samples=watch.samples + 1, last=sample.ended)
    if not sample.good:
        since = sample.started if watch.failing_since is None else watch.failing_since
        return replace(counted, failures=watch.failures + 1, failing_since=since, last_error=sample.error)
    if watch.failing_since is None:
        return counted
    return replace(counted, gaps=(*watch.gaps, Gap(watch.failing_since, sample.started)), failing_since=None)
