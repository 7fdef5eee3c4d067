# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From witnesses' looks to a verdict. Time is the watcher's monotonic clock: no step of the wall clock matters.

Whatever isn't known counts against a loss. A stretch of bad looks ends with a good one, and with a gap: a watcher that
was stopped, or has just begun, knows nothing until looks have come regularly for as long as the policy asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import Policy
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import (
    Quorum,
    QuorumSeen,
    Reading,
    Ruling,
    Sample,
    Subject,
    Testimony,
    Verdict,
    WitnessKind,
)

MISSED = 2.5  # intervals without a look, after which a witness says nothing any more
PLACES = 2  # from one place alone, a lost path looks like a lost Region
MOST = 256  # testimonies that are kept, whatever comes
DETAIL = 200  # characters of one that are kept

Testimonies = Mapping[tuple[str, str], Testimony]
"""By the witness's name and the Region it looks at."""

NEVER = QuorumSeen(Quorum.UNKNOWN, at=0.0)


def fold(known: Testimonies, sample: Sample) -> dict[tuple[str, str], Testimony]:
    """What is known with ``sample``. Bounded: a witness too many takes the place of who has been silent longest."""
    key = (sample.witness.name, sample.region)
    found = {**known, key: folded(known.get(key), sample)}
    if len(found) > MOST:
        del found[min((each for each in found if each != key), key=lambda each: found[each].sampled_at)]
    return found


def folded(before: Testimony | None, sample: Sample) -> Testimony:
    """A witness's testimony with its next look. One that says nothing leaves the last one to stand while that may."""
    if before is not None and (sample.at < before.sampled_at or _says_nothing(before, sample)):
        return before
    goes_on = before if before and before.reading is sample.reading and not _silent(before, sample.at) else None
    bad = sample.reading is Reading.BAD
    return Testimony(
        witness=sample.witness,
        region=sample.region,
        reading=sample.reading,
        sampled_at=sample.at,
        failing_since=(goes_on.failing_since if goes_on else sample.at) if bad else None,
        failing_since_wall=(goes_on.failing_since_wall if goes_on else sample.wall) if bad else 0.0,
        detail=sample.detail[:DETAIL],
        since=goes_on.since if goes_on else sample.at,
    )


def quorum_folded(before: QuorumSeen | None, seen: QuorumSeen) -> QuorumSeen:
    """What is known of the quorum with the next write to it. A throttled one says nothing, as with witnesses."""
    if before is None or seen.at - before.at > MISSED * before.every:
        return replace(seen, since=seen.at, detail=seen.detail[:DETAIL])
    if seen.at < before.at or seen.outcome is Quorum.UNKNOWN:
        return before
    return replace(seen, since=before.since if before.outcome is seen.outcome else seen.at, detail=seen.detail[:DETAIL])


def current(testimony: Testimony, now: float) -> Testimony:
    """What it is worth at ``now``: nothing, if its witness has been silent for too long."""
    if not _silent(testimony, now):
        return testimony
    return replace(testimony, reading=Reading.UNKNOWN, failing_since=None, failing_since_wall=0.0, since=None)


def against(evidence: Iterable[Testimony], region: str) -> tuple[Testimony, ...]:
    """Who says that ``region`` fails. Who could say so from within it says by that that something in it works."""
    said = (each for each in evidence if each.region == region and each.reading is Reading.BAD)
    return tuple(each for each in said if each.witness.place != region)


def missing(bad: Iterable[Testimony], policy: Policy) -> tuple[str, ...]:
    """What is lacking for these to be enough. Whatever the policy: from two places, and of workload and Region."""
    witnesses = [each.witness for each in bad]
    names = len({each.name for each in witnesses})
    kinds = len({each.kind for each in witnesses})
    places = len({each.place for each in witnesses})
    subjects = {each.subject for each in witnesses}
    found = {
        f"{names} of {policy.witnesses} witnesses say so": names < policy.witnesses,
        f"they are of {kinds} of {policy.kinds} kinds": kinds < policy.kinds,
        f"they look from {places} of {PLACES} places": places < PLACES,
        "no witness of the Region itself says so": Subject.PLATFORM not in subjects,
        "no witness of the workload says so": Subject.WORKLOAD not in subjects,
    }
    return tuple(reason for reason, lacks in found.items() if lacks)


@dataclass(frozen=True)
class _Sight:
    """What is known at ``now``. ``bad`` and ``good`` are of home, ``standby`` all that is known of the other Region."""

    bad: tuple[Testimony, ...]
    good: tuple[Testimony, ...]
    standby: tuple[Testimony, ...]
    quorum: QuorumSeen
    policy: Policy
    now: float

    @property
    def standby_good(self) -> tuple[Testimony, ...]:
        return tuple(each for each in self.standby if each.reading is Reading.GOOD)


@dataclass(frozen=True)
class _Judged:
    ruling: Ruling
    reasons: tuple[str, ...]
    sustained: float = 0.0


def rule(
    workload: str,
    home: str,
    standby: str,
    known: Iterable[Testimony],
    quorum: QuorumSeen | None,
    policy: Policy,
    now: float,
    wall: float,
) -> Verdict:
    """What is the matter with ``home``. ``quorum`` is folded of the watcher's own writes; ``now`` is monotonic."""
    evidence = tuple(
        current(each, now)
        for each in sorted(known, key=lambda each: (each.region, each.witness.name))
        if each.region in (home, standby)
    )
    sight = _Sight(
        bad=against(evidence, home),
        good=tuple(each for each in evidence if each.region == home and each.reading is Reading.GOOD),
        standby=tuple(each for each in evidence if each.region == standby and each.reading is not Reading.UNKNOWN),
        quorum=_current_quorum(quorum, now),
        policy=policy,
        now=now,
    )
    judged = _judge(sight)
    return Verdict(
        workload=workload,
        region=home,
        ruling=judged.ruling,
        evidence=evidence,
        reasons=judged.reasons,
        first_failure=_first_failure(sight.bad),
        sustained=judged.sustained,
        ruled_at=wall,
    )


def _judge(sight: _Sight) -> _Judged:
    """The first that can be said."""
    found = _quiet(sight) or _isolated(sight) or _application(sight)
    if found is not None:
        return found
    agreed = _agreed_since(sight)
    if agreed is None:
        return _Judged(Ruling.SUSPECTED, missing(sight.bad, sight.policy) or ("not all of them have seen it twice",))
    otherwise = _contradicting(sight.good, agreed)
    if otherwise:
        return _Judged(Ruling.UNCLEAR, (f"enough say so, but {_names(otherwise)} saw it well since",))
    return _unsure(sight) or _lost(sight, agreed)


def _quiet(sight: _Sight) -> _Judged | None:
    if sight.bad:
        return None
    if sight.good:
        return _Judged(Ruling.HEALTHY, (f"{_names(sight.good)} saw it well",))
    if sight.quorum.outcome is Quorum.REFUSED:
        return _Judged(Ruling.ISOLATED, ("nothing can be seen, and the state table takes no write from here",))
    return _Judged(Ruling.UNCLEAR, ("no witness has looked lately",))


def _isolated(sight: _Sight) -> _Judged | None:
    if sight.quorum.outcome is Quorum.REFUSED:
        return _Judged(Ruling.ISOLATED, (f"the state table takes no write from here: {sight.quorum.detail}",))
    if sight.standby and not sight.standby_good and not sight.good:
        return _Judged(Ruling.ISOLATED, ("both Regions look bad from here",))
    return None


def _application(sight: _Sight) -> _Judged | None:
    """The workload fails, and what its releases don't touch is well in the same Region since."""
    failing = [each for each in sight.bad if each.witness.subject is Subject.WORKLOAD]
    if not failing or len(failing) < len(sight.bad):
        return None
    well = _contradicting(sight.good, min(each.failing_since or 0.0 for each in failing))
    if not well or any(each.witness.subject is Subject.WORKLOAD for each in well):
        return None
    return _Judged(Ruling.APPLICATION, (f"{_names(failing)} saw the workload fail, {_names(well)} its Region well",))


def _unsure(sight: _Sight) -> _Judged | None:
    """Why it can't be told from the watcher being cut off."""
    if sight.quorum.outcome is not Quorum.OK:
        return _Judged(Ruling.UNCLEAR, ("whether the state table takes a write from here isn't known",))
    if not sight.standby_good:
        return _Judged(Ruling.UNCLEAR, ("no witness has seen the standby Region well lately",))
    return None


def _lost(sight: _Sight, agreed: float) -> _Judged:
    """Bad looks count while it was known that the watcher isn't cut off: one could be the last of its isolation."""
    connected = min(_since(each.since, sight.now) for each in sight.standby_good)
    sustained = sight.now - max(agreed, connected, _since(sight.quorum.since, sight.now))
    if sustained < sight.policy.sustained:
        return _Judged(
            Ruling.SUSPECTED, (f"for {sustained:.1f} of {sight.policy.sustained:g} s so far",), max(0.0, sustained)
        )
    return _Judged(Ruling.REGION_LOST, (f"{_names(sight.bad)} saw it fail for {sustained:.1f} s",), sustained)


def _agreed_since(sight: _Sight) -> float | None:
    """Since when enough of them have been failing."""
    ordered = sorted(_lasting(sight.bad), key=lambda each: each.failing_since or 0.0)
    for count in range(1, len(ordered) + 1):
        if not missing(ordered[:count], sight.policy):
            return ordered[count - 1].failing_since
    return None


def _lasting(bad: Iterable[Testimony]) -> list[Testimony]:
    """One bad look is none."""
    return [each for each in bad if each.failing_since is not None and each.sampled_at > each.failing_since]


def _contradicting(good: Iterable[Testimony], since: float) -> list[Testimony]:
    """Who saw it well after ``since``. That an alarm is quiet says little: it is late, or lost with its Region."""
    return [each for each in good if each.sampled_at > since and each.witness.kind is not WitnessKind.ALARM]


def _first_failure(bad: Sequence[Testimony]) -> float:
    """Of the workload where that is seen to fail; by the monotonic clock's order, on the wall clock."""
    failing = [each for each in bad if each.witness.subject is Subject.WORKLOAD] or bad
    first = min(failing, key=lambda each: each.failing_since or 0.0, default=None)
    return first.failing_since_wall if first else 0.0


def _current_quorum(quorum: QuorumSeen | None, now: float) -> QuorumSeen:
    return NEVER if quorum is None or now - quorum.at > MISSED * quorum.every else quorum


def _says_nothing(before: Testimony, sample: Sample) -> bool:
    return sample.reading is Reading.UNKNOWN and not _silent(before, sample.at)


def _silent(testimony: Testimony, now: float) -> bool:
    return now - testimony.sampled_at > MISSED * testimony.witness.every


def _since(moment: float | None, now: float) -> float:
    return now if moment is None else moment


def _names(testimonies: Iterable[Testimony]) -> str:
    return ", ".join(sorted({each.witness.name for each in testimonies}))
