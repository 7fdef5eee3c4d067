# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges a series of samples: since when is the service good, and for how long may old answers linger.

A :class:`Verdict` is folded over the samples one by one, so a probe of an hour costs no more a sample than one of a
second. Times are seconds since the epoch.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.probe import Sample, Seen, Sighting
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.series import Series, counted


class TailBasis(str, Enum):
    """How the TTL tail is known."""

    SEEN = "seen"  # a resolver gave the old answer, and when it last did is known
    ASSUMED = (
        "assumed"  # it was never seen: taken to have been given just before the first sample, with the largest TTL
    )


@dataclass(frozen=True)
class Verdict:
    """What the samples so far amount to.

    A failure counts from when its request was sent, a success from when its answer was there. ``first_success`` and
    ``stretch_started`` (when that sample was sent) are those of the unbroken good stretch that lasts until the newest
    sample, ``None`` when that sample failed.
    """

    samples: int = 0
    failures: int = 0
    first_sample: float | None = None
    first_failure: float | None = None
    last_failure: float | None = None
    stretch_started: float | None = None
    first_success: float | None = None
    last_success: float | None = None
    last_error: str = ""
    seen: tuple[Seen, ...] = ()
    series: Series = field(default_factory=Series)

    @property
    def stable_seconds(self) -> float:
        """How long the present good stretch has lasted, from its first good answer to its newest."""
        if self.first_success is None or self.last_success is None:
            return 0.0
        return max(0.0, self.last_success - self.first_success)

    @property
    def ttl(self) -> int | None:
        """The largest TTL seen, in seconds."""
        return max((each.ttl for each in self.seen if each.ttl is not None), default=None)

    @property
    def current(self) -> tuple[Seen, ...]:
        """What was answered within the present good stretch."""
        return tuple(
            each for each in self.seen if self.stretch_started is not None and each.last_seen >= self.stretch_started
        )


def after(verdict: Verdict, sample: Sample) -> Verdict:
    """The verdict once ``sample``, newer than all before it, is taken in."""
    seen = verdict.seen
    for sighting in sample.sightings:
        seen = _noted(seen, sighting)
    noted = replace(
        verdict,
        samples=verdict.samples + 1,
        first_sample=sample.started if verdict.first_sample is None else verdict.first_sample,
        seen=seen,
        series=counted(verdict.series, sample),
    )
    return _good(noted, sample) if sample.good else _bad(noted, sample)


def _good(verdict: Verdict, sample: Sample) -> Verdict:
    if verdict.first_success is None:
        verdict = replace(verdict, stretch_started=sample.started, first_success=sample.ended)
    return replace(verdict, last_success=sample.ended)


def _bad(verdict: Verdict, sample: Sample) -> Verdict:
    return replace(
        verdict,
        failures=verdict.failures + 1,
        first_failure=sample.started if verdict.first_failure is None else verdict.first_failure,
        last_failure=sample.started,
        last_error=sample.error,
        stretch_started=None,
        first_success=None,
        last_success=None,
    )


def _noted(seen: tuple[Seen, ...], sighting: Sighting) -> tuple[Seen, ...]:
    key = (sighting.resolver, sighting.addresses)
    kept_until = sighting.at + (sighting.ttl or 0)
    for index, old in enumerate(seen):
        if (old.resolver, old.addresses) == key:
            newer = replace(
                old,
                last_seen=sighting.at,
                ttl=max((ttl for ttl in (old.ttl, sighting.ttl) if ttl is not None), default=None),
                kept_until=max(old.kept_until, kept_until),
            )
            return (*seen[:index], newer, *seen[index + 1 :])
    return (*seen, Seen(*key, sighting.at, sighting.at, sighting.ttl, kept_until))


def is_stable(verdict: Verdict, stable_for: float) -> bool:
    """Whether every sample was good for ``stable_for`` seconds, up to the newest."""
    return verdict.first_success is not None and verdict.stable_seconds >= stable_for


def next_start(verdict: Verdict, last_started: float, interval: float, stable_for: float) -> float:
    """When to send the next sample: after ``interval``, or just when the stretch is due, so that it isn't overrun."""
    due = last_started + interval
    if verdict.first_success is None:
        return due
    goal = verdict.first_success + stable_for
    return min(due, goal) if goal > last_started else due


def ttl_tail(verdict: Verdict) -> tuple[float, TailBasis] | None:
    """From when on also the client that cached the old answer longest asks again; ``None`` where DNS has no part.

    Old is an answer that wasn't given in the present good stretch: it may be kept until it was last given plus its
    TTL. Where the samples never saw one, the change came before the first of them, by as little as nothing: then that
    sample plus the largest TTL is the bound.
    """
    current = {(each.resolver, each.addresses) for each in verdict.current}
    old = [
        each.kept_until
        for each in verdict.seen
        if (each.resolver, each.addresses) not in current and each.ttl is not None
    ]
    if old:
        return max(old), TailBasis.SEEN
    if verdict.ttl is None or verdict.first_sample is None:
        return None
    return verdict.first_sample + verdict.ttl, TailBasis.ASSUMED
