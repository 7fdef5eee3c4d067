# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A watcher's world on a clock of its own: what its looks see is a function of the time, and each takes some."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import Automation, Policy
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.watch import Heard, News, Watched, WatchEvent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import (
    Quorum,
    QuorumSeen,
    Reading,
    Sample,
    Subject,
    Witness,
    WitnessKind,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.watch import Look, Seen, Watch

HOME, STANDBY, THIRD = "eu-central-1", "eu-west-1", "eu-west-3"
EPOCH = 1_800_000_000.0
WATCHED = Watched(
    workload="shop",
    home=HOME,
    standby=STANDBY,
    place=STANDBY,
    table="aws-dr-state",
    policy=Policy(Automation.AUTOMATIC, sustained=30.0),
    interval=5.0,
    timeout=2.0,
    repeat=60.0,
    errands=300.0,
)
Sees = Callable[[float], Reading]


def well(_now: float) -> Reading:
    return Reading.GOOD


@dataclass
class World:
    """``sees`` by witness and Region; what isn't in it is well. ``takes`` seconds for each look that sees it bad."""

    watched: Watched = WATCHED
    sees: dict[tuple[str, str], Sees] = field(default_factory=dict)
    quorum: Callable[[float], Quorum] = lambda _now: Quorum.OK
    heard: Callable[[float], Heard] = lambda _now: Heard.DECISION
    takes: float = 0.01
    now: float = 1000.0
    told: list[WatchEvent] = field(default_factory=list)
    begun: int = 0

    def __post_init__(self) -> None:
        self._coming: list[tuple[float, int, Seen]] = []
        self._numbers = itertools.count()
        self.watch = self.new_watch()

    def new_watch(self) -> Watch:
        """As after a restart: nothing is known."""
        return Watch(self.watched, self._looks(), self._ask, self, self, self.told.append)

    # What the watcher has for a clock.
    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return EPOCH + self.now

    def sleep(self, seconds: float) -> None:
        raise AssertionError("the watcher waits in its inbox only")

    # What it has for an inbox.
    def begin(self, look: Look) -> None:
        self.begun += 1
        seen = look()
        bad = isinstance(seen, Sample) and seen.reading is Reading.BAD
        heapq.heappush(self._coming, (self.now + (self.takes if bad else 0.01), next(self._numbers), seen))

    def take(self, seconds: float) -> Seen | None:
        if self._coming and self._coming[0][0] <= self.now + seconds:
            at, _number, seen = heapq.heappop(self._coming)
            self.now = max(self.now, at)
            return seen
        self.now += seconds
        return None

    def run(self, seconds: float) -> list[WatchEvent]:
        """Let it watch for so long; what it told in that time."""
        already, until = len(self.told), self.now + seconds
        self.watch.run(lambda: self.now >= until)
        return self.told[already:]

    def lose_home(self, since: float, until: float = float("inf")) -> None:
        """All that looks at the home Region sees it fail."""
        for name in ("probe", "platform", "alarm"):
            self.sees[name, HOME] = lambda now: Reading.BAD if since <= now < until else Reading.GOOD

    def _looks(self) -> tuple[Look, ...]:
        every = self.watched.interval
        witnesses = (
            Witness("probe", WitnessKind.PROBE, STANDBY, Subject.WORKLOAD, every),
            Witness("platform", WitnessKind.CANARY, STANDBY, Subject.PLATFORM, every),
            Witness("alarm", WitnessKind.ALARM, THIRD, Subject.WORKLOAD, every),
        )
        places = [(each, region) for each in witnesses for region in (HOME, STANDBY)]
        looks: list[Look] = [self._sample(*each) for each in places if each != (witnesses[2], STANDBY)]
        return (*looks, lambda: QuorumSeen(self.quorum(self.now), self.now, every))

    def _sample(self, witness: Witness, region: str) -> Look:
        def look() -> Sample:
            reading = self.sees.get((witness.name, region), well)(self.now)
            return Sample(witness, region, reading, self.now, self.wall())

        return look

    def _ask(self, _first_failure: float) -> Heard:
        return self.heard(self.now)


def rulings(told: list[WatchEvent]) -> list[str]:
    return [each.verdict.ruling.value for each in told if each.verdict is not None]


def errands(told: list[WatchEvent]) -> list[str]:
    return [each.why for each in told if each.news is News.ERRANDS]
