# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until bucket pairs are drained: a sentinel written to every source, and fresh samples of no backlog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.s3 import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.wait import wait_until
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.storage import (
    Drain,
    Pair,
    PairSeen,
    Sentinel,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.storage import (
    Verdict,
    not_replicating,
    verdict,
    worst,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.storage import look_at_pairs
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard

STEP = "write_sentinel"
LOOK = 10.0  # seconds that one look may take
ARRIVAL = 5.0  # seconds that a destination has to say whether the sentinel is there


@dataclass(frozen=True)
class Drained:
    """What was seen at last, with the verdict on each pair."""

    seen: tuple[PairSeen, ...]
    verdicts: tuple[Verdict, ...]

    def __str__(self) -> str:
        return "; ".join(
            f"{seen.pair}: {', '.join(each.reasons) or each.drain.value}"
            for seen, each in zip(self.seen, self.verdicts, strict=True)
            if each.drain is not Drain.DRAINED
        )


def calls_of(pairs: Sequence[Pair]) -> tuple[Call, ...]:
    """The writes of the sentinels."""
    return tuple(Call("s3", "PutObject", pair.source.region) for pair in pairs)


def judge(seen: Sequence[PairSeen], now: float, max_age: float, since: float | None = None) -> Drained:
    """The verdict on every pair."""
    return Drained(tuple(seen), tuple(verdict(each, now, max_age, since) for each in seen))


def wait_until_drained(pairs: Sequence[Pair], sentinel_key: str | None, max_age: float, guard: Guard) -> Drained:
    """Wait for every pair. Raises ``Refused`` where a pair doesn't replicate, ``DrError`` when time is over."""
    context = guard.context
    first = _look(pairs, context)
    off = not_replicating(first)
    if off:
        raise Refused(off)
    # Without a sentinel only a sample of a minute that begins from now on tells of the last write.
    since = None if sentinel_key else context.clock.wall()
    sentinels = _write_all(pairs, sentinel_key, guard) if sentinel_key else {}

    def observe() -> Drained:
        sentinels.update(_arrivals(pairs, sentinels, context))
        seen = [replace(each, sentinel=sentinels.get(each.pair)) for each in _look(pairs, context)]
        return judge(seen, context.clock.wall(), max_age, since)

    return wait_until(
        observe,
        lambda now: worst(each.drain for each in now.verdicts) is Drain.DRAINED,
        what="the buckets to be drained",
        interval=lambda waited: 0.5 if waited < 5 else 5.0,
        deadline=context.deadline,
        clock=context.clock,
        progress=context.progress,
    )


def _look(pairs: Sequence[Pair], context: Context) -> tuple[PairSeen, ...]:
    return look_at_pairs(pairs, context.clients, context.clock, context.deadline.sooner(context.clock, LOOK))


def _write_all(pairs: Sequence[Pair], key: str, guard: Guard) -> dict[Pair, Sentinel]:
    """Write a sentinel into every source. Raises ``DrError`` where one could not be written: it can't be awaited."""
    context = guard.context

    def writer(pair: Pair) -> Callable[[], Sentinel]:
        # Written twice after a lost answer, it is two versions of one object: it does no harm.
        return lambda: again(lambda: _write(pair, key, context), context.clock, context.deadline)

    with guard.step(STEP, calls_of(pairs)) as step:
        outcomes = gather({str(pair): writer(pair) for pair in pairs}, context.deadline, context.clock)
        failed = {name: outcome.error for name, outcome in outcomes.items() if outcome.error is not None}
        for error in failed.values():
            if not isinstance(error, CALL_ERRORS):
                raise error
        step.saw(written=sorted(set(outcomes) - set(failed)), failed=sorted(failed))
        if failed:
            raise DrError(
                f"Writing the sentinel {key} (s3:PutObject on each source)",
                "; ".join(f"{name}: {type(error).__name__}: {error}" for name, error in failed.items()),
                "Mend that and run again, or leave sentinel_key out and wait for the metrics.",
            )
    written = {pair: outcomes[str(pair)].value for pair in pairs}
    return {pair: sentinel for pair, sentinel in written.items() if sentinel is not None}


def _write(pair: Pair, key: str, context: Context) -> Sentinel:
    written_at = context.clock.wall()
    client = context.clients.get("s3", pair.source.region)
    content = f"written at {written_at:.3f} to see it arrive in {pair.destination.name}\n"
    version = api.put_version(client, pair.source.name, key, content.encode())
    return Sentinel(key, version, written_at)


def _arrivals(pairs: Sequence[Pair], sentinels: Mapping[Pair, Sentinel], context: Context) -> dict[Pair, Sentinel]:
    """The sentinels that weren't there yet, as they are now."""
    awaited = [pair for pair in pairs if pair in sentinels and sentinels[pair].arrived_at is None]

    def looker(pair: Pair) -> Callable[[], Sentinel]:
        return lambda: _arrival(pair, sentinels[pair], context)

    limit = context.deadline.sooner(context.clock, ARRIVAL)
    outcomes = gather({str(pair): looker(pair) for pair in awaited}, limit, context.clock)
    found = {}
    for pair in awaited:
        outcome = outcomes[str(pair)]
        if outcome.error is not None and not isinstance(outcome.error, CALL_ERRORS):
            raise outcome.error
        found[pair] = outcome.value or replace(sentinels[pair], error=f"{outcome.error}")
    return found


def _arrival(pair: Pair, sentinel: Sentinel, context: Context) -> Sentinel:
    client = context.clients.get("s3", pair.destination.region)
    there = api.has_version(client, pair.destination.name, sentinel.key, sentinel.version_id)
    return replace(sentinel, error="", arrived_at=context.clock.wall() if there else None)
