# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failover lost, by the canary: its acknowledgements put beside the rows that the new writer has. Pure.

It is measured only by a session that wrote to the old writer and then to the new one: its numbers go on, so that no
acknowledgement of the old writer can be missing from its log. Anything less is unknown, with what is known of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database_canary import (
    Ack,
    Asked,
    Lost,
    Rows,
    Segment,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal

SLACK = 10.0  # seconds by which two machines' views of a failure may differ
ROUNDING = 0.01  # seconds: the log has milliseconds, the table microseconds


@dataclass(frozen=True)
class _Entry:
    """An acknowledgement, and the segment that it stands in."""

    ack: Ack
    segment: Segment

    @property
    def key(self) -> tuple[str, int]:
        return self.segment.session, self.ack.number

    def who(self) -> dict[str, Any]:
        """Who acknowledged it, and when."""
        return {
            "at": self.ack.acked_at,
            "region": self.segment.region,
            "server_id": self.segment.server_id,
            "session": self.segment.session,
            "number": self.ack.number,
        }


def unknown(why: str, **known: Any) -> Lost:
    return Lost("unknown", why, **known)


def compare(segments: Sequence[Segment], rows: Rows, asked: Asked) -> Lost:
    """What the failover to ``asked.target`` lost."""
    entries = sorted(_entries(segments), key=lambda each: each.ack.acked_at)
    if not entries:
        return unknown("no acknowledgement of a canary is logged")
    general = {
        "last_writer": entries[-1].who(),
        "logged_at": max(each.logged_at for each in segments),
    }
    since = _since(entries, asked)
    now = [each for each in entries if each.ack.acked_at > since]
    old = [each for each in now if each.segment.region != asked.target]
    new = [each for each in now if each.segment.region == asked.target]
    if not old:
        return unknown("the log has no acknowledgement of the old writer", **general)
    kept = [each for each in old if each.ack.sent_at > rows.pruned_until + ROUNDING]
    general["old_writer"] = old[-1].who()
    if not kept:
        return unknown("the canary's rows from before the promotion have been removed meanwhile", **general)
    whole = _whole_sessions(segments, old, new)
    found = _lost(kept, rows, asked, general)
    if not whole:
        return replace(found, known_as="unknown", basis=_why_not_whole(old, found), at_most=None, pending=True)
    measured = [each for each in kept if each.segment.session in whole]
    if not measured:
        return replace(found, known_as="unknown", basis="the canary's rows were removed meanwhile", at_most=None)
    return _measured(measured, found, _stopped_at(measured, new), rows, asked)


def may_yet_be_measured(lost: Lost, segments: Iterable[Segment], now: float) -> bool:
    """Whether the canary that wrote the log seems to live: then it will be seen on the new writer before long."""
    flushes = [(each.logged_at, each.flush) for each in segments]
    return lost.pending and any(now - logged_at < 3 * flush + SLACK for logged_at, flush in flushes)


def _entries(segments: Iterable[Segment]) -> Iterable[_Entry]:
    return (_Entry(ack, segment) for segment in segments for ack in segment.acks)


def _since(entries: Sequence[_Entry], asked: Asked) -> float:
    """Until when the target acknowledged writes in an earlier life as the writer; 0 where it didn't.

    Before its promotion it acknowledges none: so without ``run_started`` what it did before the old writer's last.
    """
    old = [each.ack.acked_at for each in entries if each.segment.region != asked.target]
    before = asked.run_started or max(old, default=0.0)
    own = [each.ack.acked_at for each in entries if each.segment.region == asked.target]
    return max((at for at in own if at < before), default=0.0)


def _whole_sessions(segments: Sequence[Segment], old: Sequence[_Entry], new: Sequence[_Entry]) -> set[str]:
    """The sessions that went on on the new writer, with all their segments from the old one on."""
    found = set()
    for session in {each.segment.session for each in old} & {each.segment.session for each in new}:
        first = min(each.segment.index for each in old if each.segment.session == session)
        last = min(each.segment.index for each in new if each.segment.session == session)
        there = {each.index for each in segments if each.session == session}
        if there.issuperset(range(first, last + 1)):
            found.add(session)
    return found


def _why_not_whole(old: Sequence[_Entry], found: Lost) -> str:
    last = max(old, key=lambda each: each.ack.acked_at)
    known = f"; {found.rows} rows that it had logged are lost" if found.rows else ""
    return (
        "the log doesn't show that the canary went on on the new writer: what"
        f" {last.segment.server_id} acknowledged after it was last written isn't known{known}"
    )


def _lost(old: Sequence[_Entry], rows: Rows, asked: Asked, general: dict[str, Any]) -> Lost:
    """What is known to be lost, of whichever session."""
    missing = [each.ack for each in old if each.key not in rows.present]
    survivors = [each.ack for each in old if each.key in rows.present]
    stale = [each for each in old if asked.promoted_at and each.ack.acked_at > asked.promoted_at]
    return Lost(
        known_as="measured",
        basis="",
        rows=len(missing),
        considered=len(old),
        at_least=missing[-1].acked_at - missing[0].acked_at if missing else 0.0,
        first=missing[0] if missing else None,
        last=missing[-1] if missing else None,
        stale_rows=len(stale) if asked.promoted_at else None,
        holes=sum(1 for each in survivors if missing and each.acked_at > missing[0].acked_at),
        **general,
    )


def _stopped_at(old: Sequence[_Entry], new: Sequence[_Entry]) -> float:
    """When the old writer had surely stopped, as the canary saw it: the first write that failed, else the new one's."""
    last = old[-1]
    if last.segment.failed_at is not None and last.segment.failed_at > last.ack.sent_at:
        return last.segment.failed_at
    later = [each.ack.sent_at for each in new if each.segment.session == last.segment.session]
    return max(min(later), last.ack.acked_at)


def _measured(old: Sequence[_Entry], found: Lost, stopped_at: float, rows: Rows, asked: Asked) -> Lost:
    missing = [each.ack for each in old if each.key not in rows.present]
    before = [
        each.ack.acked_at
        for each in old
        if each.key in rows.present and (not missing or each.ack.acked_at < missing[0].acked_at)
    ]
    found = replace(
        found,
        at_least=missing[-1].acked_at - missing[0].acked_at if missing else 0.0,
        at_most=stopped_at - max(before) if before else None,
        unacknowledged_rows=_unacknowledged(old, rows),
    )
    blind = asked.first_failure - stopped_at
    if asked.first_failure and blind > SLACK:
        why = f"the canary had no acknowledgement any more {blind:.0f} s before the workload failed"
        return replace(found, known_as="unknown", basis=why, at_most=None)
    if not before:
        why = "no row that the canary still knew of is there: how far back it goes isn't known"
        return replace(found, known_as="unknown", basis=why)
    interval = old[-1].segment.interval
    basis = f"rows {interval:g} s apart, {len(old)} of the old writer's acknowledgements compared with the new writer"
    return replace(found, basis=basis)


def _unacknowledged(old: Sequence[_Entry], rows: Rows) -> int:
    """Rows that are there though nobody was told so, among the old writer's."""
    acked = {each.key for each in old}
    spans: dict[str, tuple[int, int]] = {}
    for session, number in acked:
        low, high = spans.get(session, (number, number))
        spans[session] = (min(low, number), max(high, number))
    between = {key for key in rows.present if key[0] in spans and spans[key[0]][0] <= key[1] <= spans[key[0]][1]}
    return len(between - acked)


def verdict(lost: Lost, objective: float) -> str:
    """How it stands to the objective, in seconds."""
    if lost.at_least is not None and lost.at_least > objective:
        return f"objective {objective:g} s: MISSED"
    if lost.known_as != "measured" or lost.at_most is None:
        return f"objective {objective:g} s: unknown"
    return f"objective {objective:g} s: {'met' if lost.at_most <= objective else 'not proved'}"


def text(lost: Lost) -> str:
    """The line as a person reads it."""
    notes = []
    if lost.stale_rows:
        notes.append(f"{lost.stale_rows} rows were acknowledged by the old writer after the promotion")
    if lost.holes:
        notes.append(f"{lost.holes} later rows did arrive")
    if lost.old_writer:
        who = lost.old_writer
        notes.append(f"the last acknowledgement of {who['server_id']} was number {who['number']}")
    said = "; ".join([lost.basis, *notes])
    if lost.known_as != "measured":
        return f"at least {lost.rows} rows, how many isn't known ({said})" if lost.rows else f"unknown ({said})"
    if lost.at_least is None or lost.at_most is None:
        return f"{lost.rows} rows lost (measured: {said})"
    return f"{lost.rows} rows lost, {lost.at_least:.2f} to {lost.at_most:.2f} s of writes (measured: {said})"


def check_settings(
    regions: Sequence[str], interval: float, flush: float, keep: int, seconds: float
) -> tuple[Finding, ...]:
    """What is wrong with the canary's figures."""
    wrong = {
        f"regions are {', '.join(regions) or 'none'}": len(set(regions)) != 2,
        f"interval is {interval:g} s": not 0.1 <= interval <= 60,
        f"flush is {flush:g} s": not interval <= flush <= 300,
        f"keep is {keep}": not 600 <= keep <= 100_000,
        f"seconds is {seconds:g}": seconds < 0,
    }
    remedy = (
        "Give two Regions, an interval of 0.1 to 60 s, a flush of one interval to 300 s, keep of 600 to 100000 rows,"
        " and seconds of 0 or more."
    )
    return tuple(refusal("bad_canary", f"{seen}.", remedy) for seen, holds in wrong.items() if holds)


def summary_line(result: Mapping[str, Any], objective: float) -> str:
    """The line of a failover's summary, from what database_canary_info returned; empty without a canary."""
    if not result or result.get("skipped"):
        return ""
    if result.get("lost") is None:
        why = result.get("msg") or "nothing was found out"
        return f"RPO canary {text(unknown(why))}; {verdict(unknown(why), objective)}"
    values = {**result["lost"], "first": None, "last": None}
    lost = Lost(**values)
    return f"RPO canary {text(lost)}; {verdict(lost, objective)}"
