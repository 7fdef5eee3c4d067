# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the home Region has been well for long enough, by several witnesses. Folded over samples. Pure.

Times are monotonic seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.failback import Obstacle, Witness
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.failback_finding import stops, waits

QUORUM = 2
"""Witnesses that must say good: one alone may be looking at something of its own."""
FALLS = 2
"""How often a Region may turn bad after it was good before it is said to flap."""


@dataclass(frozen=True)
class Watch:
    """What the samples so far amount to. ``good_since`` is ``None`` while the newest wasn't good."""

    samples: int = 0
    falls: int = 0
    good_since: float | None = None
    newest: float | None = None
    why: str = "nobody has looked yet"

    @property
    def good_for(self) -> float:
        """Seconds from the first to the newest good sample of the stretch that lasts."""
        if self.good_since is None or self.newest is None:
            return 0.0
        return max(0.0, self.newest - self.good_since)


def wrong_with(witnesses: Sequence[Witness]) -> str:
    """Why a sample isn't good, empty where it is: nobody says bad, and enough say good. Unknown counts for neither."""
    bad = [each for each in witnesses if each.good is False]
    if bad:
        return "; ".join(f"{each.name}: {each.seen or 'bad'}" for each in bad)
    good = sum(each.good is True for each in witnesses)
    if good >= QUORUM:
        return ""
    silent = ", ".join(f"{each.name} ({each.seen or 'no answer'})" for each in witnesses if each.good is None)
    return f"only {good} of {len(witnesses)} witnesses can tell, {QUORUM} are needed; not told by: {silent or 'nobody'}"


def after(watch: Watch, witnesses: Sequence[Witness], at: float) -> Watch:
    """The watch once a sample, newer than all before it, is taken in."""
    why = wrong_with(witnesses)
    if why:
        fell = watch.good_since is not None
        return replace(watch, samples=watch.samples + 1, falls=watch.falls + fell, good_since=None, newest=at, why=why)
    since = at if watch.good_since is None else watch.good_since
    return replace(watch, samples=watch.samples + 1, good_since=since, newest=at, why="")


def is_stable(watch: Watch, stable_for: float) -> bool:
    """Whether every sample was good for ``stable_for`` seconds, up to the newest."""
    return watch.good_since is not None and watch.good_for >= stable_for


def obstacle(watch: Watch, home: str, stable_for: float) -> Obstacle | None:
    """Why home isn't fit to go to yet; ``None`` where it is."""
    if watch.falls >= FALLS:
        seen = f"{home} flaps: in {watch.samples} samples it was well and turned bad {watch.falls} times."
        seen += f" Last: {watch.why}." if watch.why else ""
        remedy = "Clients would be sent after it. See what ails it, wait until it has been calm, then run again."
        return stops("home_flaps", seen, remedy)
    if is_stable(watch, stable_for):
        return None
    seen = f"{home} has been well for {watch.good_for:.0f} s, and {stable_for:g} s are asked for."
    seen += f" Last: {watch.why}." if watch.why else ""
    remedy = "Wait until it has been well for that long (aws_dr_home_stable_for), then run again."
    return waits("home_not_stable", seen, remedy)
