# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated watching: randomised trials of what must not fail a workload over, and of losses that must.

Witnesses look, the product's own functions fold, rule and decide; only time and the world are made up. Everything but
the witnesses speaks for acting (switch released, lease free, target healthy), so nothing else hides a wrong verdict.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import (
    Action,
    Automation,
    Policy,
    Surroundings,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import (
    Quorum,
    QuorumSeen,
    Reading,
    Ruling,
    Sample,
    Subject,
    Testimony,
    Verdict,
    Witness,
    WitnessKind,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger import decide
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger_policy import windows_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.witness import fold, quorum_folded, rule

HOME, STANDBY, THIRD = "eu-central-1", "eu-west-1", "eu-west-3"
EVERY = 5.0
POLICY = Policy(Automation.AUTOMATIC)
WITNESSES = (
    Witness("probe-standby", WitnessKind.PROBE, STANDBY, Subject.WORKLOAD, EVERY),
    Witness("probe-third", WitnessKind.PROBE, THIRD, Subject.WORKLOAD, EVERY),
    Witness("canary-standby", WitnessKind.CANARY, STANDBY, Subject.PLATFORM, EVERY),
    Witness("canary-third", WitnessKind.CANARY, THIRD, Subject.PLATFORM, EVERY),
    Witness("alarm-third", WitnessKind.ALARM, THIRD, Subject.WORKLOAD, 2 * EVERY),
)
SUNDAY = 1_767_484_800.0  # 2026-01-04, 00:00 UTC
LENGTH = 180.0  # seconds that a trial watches
LATEST = 30.0  # seconds beside the sustained time, in which a loss must have been acted on

When = Callable[[float], bool]
"""Whether something is so at a second of the trial."""


def _never(_at: float) -> bool:
    return False


def _always(_at: float) -> bool:
    return True


@dataclass
class World:
    """What is the case, second by second. ``lies``: witnesses that see home fail. ``late``: seconds that looks travel.

    ``blinded``: what a canary says where the watcher is cut off.
    """

    chance: random.Random
    down: dict[str, When] = field(default_factory=dict)
    bad_release: dict[str, When] = field(default_factory=dict)
    cut_off: When = _never
    no_quorum: When = _never
    throttled: When = _never
    table_throttled: When = _never
    stopped: When = _never
    lies: dict[str, When] = field(default_factory=dict)
    mute: dict[str, When] = field(default_factory=dict)
    late: dict[str, float] = field(default_factory=dict)
    blinded: Reading = Reading.UNKNOWN
    alarm_after: float = 0.0
    skew: Callable[[float], float] = lambda _at: 0.0
    policy: Policy = POLICY
    fused: bool = False

    def look(self, witness: Witness, region: str, at: float) -> Reading:
        if self.cut_off(at):
            return Reading.BAD if witness.kind is WitnessKind.PROBE else self.blinded
        asks_aws = witness.kind is not WitnessKind.PROBE
        if (asks_aws and self.throttled(at)) or self.mute.get(witness.name, _never)(at):
            return Reading.UNKNOWN
        if region == HOME and self.lies.get(witness.name, _never)(at):
            return Reading.BAD
        seen_at = at - self.alarm_after if witness.kind is WitnessKind.ALARM else at
        if self.down.get(region, _never)(seen_at):
            return Reading.BAD
        touched = witness.subject is Subject.WORKLOAD or self.fused
        return Reading.BAD if touched and self.bad_release.get(region, _never)(seen_at) else Reading.GOOD

    def quorum(self, at: float) -> Quorum:
        if self.cut_off(at) or self.no_quorum(at):
            return Quorum.REFUSED
        return Quorum.UNKNOWN if self.table_throttled(at) else Quorum.OK


@dataclass(frozen=True)
class Trial:
    kind: str
    seed: int

    def __str__(self) -> str:
        return f"{self.kind} #{self.seed}"


@dataclass(frozen=True)
class Outcome:
    """When it was failed over, in seconds of the trial, ``None`` if it wasn't; and every ruling that was made."""

    failed_over_at: float | None
    rulings: frozenset[Ruling]


def spells(chance: random.Random, on: tuple[float, float], off: tuple[float, float]) -> When:
    """On and off in turn, each for a random while, from a random moment on."""
    edges, at = [], chance.uniform(10, 30)
    while at < LENGTH:
        begin, at = at, at + chance.uniform(*on)
        edges.append((begin, at))
        at += chance.uniform(*off)
    return lambda now: any(begin <= now < end for begin, end in edges)


def _lone_witness(world: World) -> None:
    world.lies[world.chance.choice(WITNESSES).name] = world.chance.choice(
        [_always, spells(world.chance, (20, 90), (1, 20))]
    )


def _slow_witness(world: World) -> None:
    name = world.chance.choice(WITNESSES).name
    world.late[name] = world.chance.uniform(5, 60)
    world.lies[name] = spells(world.chance, (10, 60), (5, 20))


def _flapping(world: World) -> None:
    """Home really fails, again and again, and is back for long enough to be seen."""
    world.down[HOME] = spells(world.chance, (2, POLICY.sustained - 2 * EVERY), (2.5 * EVERY, 4 * EVERY))


def _isolation(world: World) -> None:
    world.blinded = world.chance.choice([Reading.BAD, Reading.UNKNOWN])
    world.cut_off = world.chance.choice([spells(world.chance, (5, 120), (3, 60)), spells(world.chance, (2, 9), (1, 6))])


def _lost_path(world: World) -> None:
    """The standby Region doesn't reach home, and everybody else does."""
    world.lies |= {each.name: _always for each in WITNESSES if each.place == STANDBY}
    if world.chance.random() < 0.5:
        world.mute |= {each.name: _always for each in WITNESSES if each.place != STANDBY}


def _throttled(world: World) -> None:
    """What reads the witnesses' word, or that and the state table."""
    world.throttled = spells(world.chance, (5, 60), (2, 20))
    world.table_throttled = world.chance.choice([world.throttled, _never])
    world.chance.choice([_bad_release, _lone_witness, _lost_path])(world)


def _maintenance(world: World) -> None:
    world.down[HOME] = spells(world.chance, (60, 120), (5, 20))
    world.policy = replace(POLICY, maintenance=windows_of(["Sat 22:00-02:00"]))


def _clock_skew(world: World) -> None:
    world.skew = _steps(world.chance)
    world.chance.choice([_lone_witness, _slow_witness, _flapping, _isolation, _bad_release])(world)


def _bad_release(world: World) -> None:
    world.bad_release[HOME] = spells(world.chance, (100, 200), (5, 20))


def _bad_release_in_both(world: World) -> None:
    released = spells(world.chance, (100, 200), (5, 20))
    later = world.chance.uniform(0, 40)
    world.bad_release |= {HOME: released, STANDBY: lambda at: released(at - later)}


def _stopped(world: World) -> None:
    """The watcher itself stands still, and finds late what had happened meanwhile."""
    world.stopped = spells(world.chance, (20, 80), (5, 30))
    world.down[HOME] = spells(world.chance, (2, POLICY.sustained - 2 * EVERY), (2.5 * EVERY, 4 * EVERY))


HARMLESS: dict[str, Callable[[World], None]] = {
    "lone witness": _lone_witness,
    "slow witness": _slow_witness,
    "flapping": _flapping,
    "own isolation": _isolation,
    "lost path": _lost_path,
    "throttled API": _throttled,
    "maintenance": _maintenance,
    "clock skew": _clock_skew,
    "bad release": _bad_release,
    "bad release in both": _bad_release_in_both,
    "stopped watcher": _stopped,
}
LOST_AT = 25.0


def _steps(chance: random.Random) -> Callable[[float], float]:
    steps = [(chance.uniform(0, LENGTH), chance.uniform(-7200, 7200)) for _step in range(3)]
    return lambda at: sum(seconds for begin, seconds in steps if begin <= at)


def _loss(world: World) -> None:
    """Home is gone, and what goes with it: a moment without quorum, some trouble of the watcher's own."""
    chance = world.chance
    world.down[HOME] = lambda at: at >= LOST_AT
    hiccup = chance.uniform(0, 3)
    world.no_quorum = lambda at: LOST_AT <= at < LOST_AT + hiccup
    world.alarm_after = chance.uniform(0, 150)
    if chance.random() < 0.5:
        world.throttled = world.table_throttled = spells(chance, (1, 6), (12, 25))
    trouble = chance.random()
    if trouble < 0.4:
        world.mute[chance.choice(["probe-standby", "canary-standby"])] = _always
    elif trouble < 0.7:
        world.late[chance.choice(["probe-third", "alarm-third"])] = chance.uniform(5, 60)
    if chance.random() < 0.3:
        world.skew = _steps(chance)


def harmless_trials(count: int = 200, seed: int = 0) -> list[Trial]:
    kinds = list(HARMLESS)
    return [Trial(kinds[number % len(kinds)], seed + number) for number in range(count)]


def losses(count: int = 50, seed: int = 0) -> list[Trial]:
    return [Trial("loss", seed + number) for number in range(count)]


def watch(trial: Trial, policy: Policy | None = None, fused: bool = False) -> Outcome:
    """The trial, watched to its end or to the failover. ``fused``: canaries fail with the application's releases."""
    world = World(random.Random(f"{trial.kind}{trial.seed}"))
    HARMLESS.get(trial.kind, _loss)(world)
    world.fused = fused
    wanted = replace(policy, maintenance=world.policy.maintenance) if policy else world.policy
    return _watch(world, wanted)


def _watch(world: World, policy: Policy) -> Outcome:
    known: dict[tuple[str, str], Testimony] = {}
    quorum: QuorumSeen | None = None
    rulings = set()
    for now, seen in _arrivals(world):
        if isinstance(seen, Sample):
            known = fold(known, seen)
        else:
            quorum = quorum_folded(quorum, seen)
        wall = SUNDAY + now + world.skew(now)
        ruled = rule("shop", HOME, STANDBY, known.values(), quorum, policy, now, wall)
        rulings.add(ruled.ruling)
        # A healthy one is never acted on: that it isn't is for the tests of decide.
        if ruled.ruling is Ruling.HEALTHY:
            continue
        if decide(policy, Verdict.from_dict(ruled.as_dict()), _favourable(wall)).action is Action.FAIL_OVER:
            return Outcome(now, frozenset(rulings))
    return Outcome(None, frozenset(rulings))


def _favourable(wall: float) -> Surroundings:
    return Surroundings(wall, HOME, True, False, False, float("inf"))


def _arrivals(world: World) -> Iterator[tuple[float, Sample | QuorumSeen]]:
    """What reaches the watcher, in that order. Each looks at its own pace; a stopped watcher gets nothing looked at."""
    queue: list[tuple[float, int, Sample | QuorumSeen]] = []
    for number, (witness, region) in enumerate((each, region) for each in WITNESSES for region in (HOME, STANDBY)):
        for at in _moments(world, witness.every):
            sample = Sample(witness, region, world.look(witness, region, at), at, SUNDAY + at + world.skew(at))
            arrives = at + world.late.get(witness.name, 0.0) + world.chance.uniform(0.0, 0.5)
            heapq.heappush(queue, (arrives, number, sample))
    for at in _moments(world, EVERY):
        heapq.heappush(queue, (at + 0.05, -1, QuorumSeen(world.quorum(at), at, EVERY)))
    while queue:
        arrives, _number, seen = heapq.heappop(queue)
        yield arrives, seen


def _moments(world: World, every: float) -> Sequence[float]:
    at, found = world.chance.uniform(0, every), []
    while at < LENGTH:
        if not world.stopped(at):
            found.append(at)
        at += every * world.chance.uniform(0.9, 1.1)
    return found


@dataclass(frozen=True)
class Simulated:
    """What stands in for a lab. ``sabotage`` names what is broken on purpose; empty for the real thing."""

    sabotage: str = ""


class FalseFailover:
    """None of these may be failed over. The control's policy takes one witness's word at once, and its canaries are
    deployed with the application."""

    CONTROL = "policy"

    def cases(self, _stage: Simulated) -> list[Trial]:
        return harmless_trials()

    def try_case(self, stage: Simulated, trial: Trial) -> list[str]:
        careless = replace(POLICY, witnesses=1, kinds=1, sustained=0.0)
        seen = watch(trial, careless, fused=True) if stage.sabotage else watch(trial)
        return [] if seen.failed_over_at is None else [f"failed over after {seen.failed_over_at:.1f} s"]


class MissedFailover:
    """Each of these must be failed over in time. The control's policy wants more witnesses than there are."""

    CONTROL = "policy"

    def cases(self, _stage: Simulated) -> list[Trial]:
        return losses()

    def try_case(self, stage: Simulated, trial: Trial) -> list[str]:
        seen = watch(trial, replace(POLICY, witnesses=len(WITNESSES) + 1)) if stage.sabotage else watch(trial)
        if seen.failed_over_at is None:
            return ["never failed over"]
        took = seen.failed_over_at - LOST_AT
        return [] if took <= POLICY.sustained + LATEST else [f"failed over only after {took:.1f} s"]
