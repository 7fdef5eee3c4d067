# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The watcher of one workload: it has looks begun, takes in what they saw, and says when the ruling changes.

Nothing here waits for a look: each is a thread of its own with a deadline, and what it saw comes through the inbox.
So a Region that hangs delays neither the next look nor the verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, Union

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.watch import Heard, News, Watched, WatchEvent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import (
    QuorumSeen,
    Reading,
    Ruling,
    Sample,
    Subject,
    Testimony,
    Verdict,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.witness import fold, quorum_folded, rule

LEAST = 0.001  # seconds to wait for a moment that rounding has put just ahead
SETTLING = 2.5  # intervals after the start in which that nothing is known yet isn't worth telling


@dataclass(frozen=True)
class Answer:
    """What the state table says came of the verdicts."""

    heard: Heard


Seen = Union[Sample, QuorumSeen, Answer]
Look = Callable[[], Seen]


class Inbox(Protocol):
    """Where looks leave what they saw. ``take`` waits up to ``seconds`` for it."""

    def begin(self, look: Look) -> None: ...

    def take(self, seconds: float) -> Seen | None: ...


class Watch:
    """One workload's watcher. ``ask(first_failure)`` looks into the state table for what came of its verdicts."""

    def __init__(
        self,
        watched: Watched,
        looks: Sequence[Look],
        ask: Callable[[float], Heard],
        inbox: Inbox,
        clock: Clock,
        tell: Callable[[WatchEvent], None],
    ) -> None:
        self._watched, self._looks, self._ask = watched, looks, ask
        self._inbox, self._clock, self._tell = inbox, clock, tell
        self._known: dict[tuple[str, str], Testimony] = {}
        self._quorum: QuorumSeen | None = None
        self._ruling: Ruling | None = None
        self._settled_at = clock.monotonic() + SETTLING * watched.interval
        self._look_at = clock.monotonic()
        self._errands_at = clock.monotonic()
        self._repeat_at: float | None = None
        self._unheard = 0
        self._started = False
        self._was_lost = False

    def run(self, over: Callable[[], bool]) -> None:
        """Watch until ``over``."""
        while not over():
            self.step()

    def step(self) -> None:
        """Begin the looks that are due, take in what was seen, and say what is new."""
        now = self._clock.monotonic()
        if now >= self._look_at:
            # After a pause of the whole machine it goes on from now, instead of catching up.
            self._look_at = max(self._look_at + self._watched.interval, now)
            for look in self._looks:
                self._inbox.begin(look)
        verdict = self._rule()
        seen = self._inbox.take(self._patience(verdict))
        while seen is not None:
            self._take_in(seen)
            seen = self._inbox.take(0.0)
        self._say(self._rule())

    def _take_in(self, seen: Seen) -> None:
        if isinstance(seen, Sample):
            self._known = fold(self._known, seen)
        elif isinstance(seen, QuorumSeen):
            self._quorum = quorum_folded(self._quorum, seen)
        else:
            self._answered(seen.heard)

    def _rule(self) -> Verdict:
        watched, clock = self._watched, self._clock
        return rule(
            watched.workload,
            watched.home,
            watched.standby,
            self._known.values(),
            self._quorum,
            watched.policy,
            clock.monotonic(),
            clock.wall(),
        )

    def _patience(self, verdict: Verdict) -> float:
        """Seconds until something is due: the next look, or the moment when a suspicion has lasted long enough."""
        now = self._clock.monotonic()
        due = [self._look_at, *([self._repeat_at] if self._repeat_at is not None else [])]
        if verdict.ruling is Ruling.SUSPECTED:
            left = self._watched.policy.sustained - verdict.sustained
            due += [now + max(left, LEAST)] if left > 0 else []
        return max(0.0, min(due) - now)

    def _say(self, verdict: Verdict) -> None:
        now = self._clock.monotonic()
        if self._ruling is None and verdict.ruling is Ruling.UNCLEAR and now < self._settled_at:
            return  # the first looks aren't back yet
        if verdict.ruling is not self._ruling:
            self._ruling, self._unheard = verdict.ruling, 0
            self._repeat_at = None
            self._tell_verdict(verdict)
        elif self._repeat_at is not None and now >= self._repeat_at:
            self._repeat_at = now + self._watched.repeat
            self._inbox.begin(lambda: Answer(self._ask(verdict.first_failure)))
        self._run_errands(verdict, now)

    def _tell_verdict(self, verdict: Verdict) -> None:
        if verdict.ruling is Ruling.REGION_LOST:
            self._was_lost = True
            self._repeat_at = self._clock.monotonic() + self._watched.repeat
        self._emit(News.VERDICT, verdict=verdict, unheard=self._unheard)

    def _answered(self, heard: Heard) -> None:
        """A lost Region is told again until somebody has failed over: what held it back may have passed."""
        verdict = self._rule()
        if verdict.ruling is not Ruling.REGION_LOST or self._repeat_at is None:
            return
        if heard is Heard.FAILED_OVER:
            self._repeat_at = None
            return
        self._unheard = self._unheard + 1 if heard is Heard.NOTHING else 0
        self._tell_verdict(verdict)

    def _run_errands(self, verdict: Verdict, now: float) -> None:
        """At the first contact with a Region that was lost, when the watcher has begun, and every now and then."""
        contact = self._was_lost and self._platform_answers()
        due = now >= self._errands_at and verdict.ruling not in (Ruling.SUSPECTED, Ruling.UNCLEAR)
        if contact or due:
            why = "contact" if contact else "schedule" if self._started else "started"
            self._started, self._was_lost = True, self._was_lost and not contact
            self._errands_at = now + self._watched.errands
            self._emit(News.ERRANDS, why=why)

    def _platform_answers(self) -> bool:
        """Whether the home Region's own services answer: that is when its old primary can be fenced."""
        return any(
            each.region == self._watched.home
            and each.witness.subject is Subject.PLATFORM
            and each.reading is Reading.GOOD
            for each in self._known.values()
        )

    def _emit(self, news: News, verdict: Verdict | None = None, unheard: int = 0, why: str = "") -> None:
        watched = self._watched
        at = self._clock.wall()
        self._tell(WatchEvent(news, watched.workload, watched.home, watched.standby, at, verdict, unheard, why))
