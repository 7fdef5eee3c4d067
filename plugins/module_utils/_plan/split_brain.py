# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two Regions take writes, and the way out of it. Silence is never taken for a no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal, warning
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.split_brain import (
    Accepts,
    ApiView,
    SplitBrainSeen,
    Writers,
    WriteTest,
)

RUNBOOK = "docs/runbooks/split-brain.md"


@dataclass(frozen=True)
class Verdict:
    """What it amounts to; ``keep`` is the Region whose writes count, where the answers say which, else empty."""

    state: Writers
    writers: tuple[str, ...]
    unknown: tuple[str, ...]
    keep: str
    findings: tuple[Finding, ...]


def judge(seen: SplitBrainSeen) -> Verdict:
    """The verdict on what was seen, with a finding for everything that isn't as it should be."""
    tests = once_each(seen.tests)
    writers = tuple(test.region for test in tests if test.accepts is Accepts.YES)
    unknown = tuple(test.region for test in tests if test.accepts is Accepts.UNKNOWN)
    keep = _keep(writers, seen)
    found = [*_two(tests, writers, keep), *_none(writers, unknown), *_silent(tests)]
    found += [*_aws(seen.views, writers, unknown), *_clients(seen, writers, unknown)]
    return Verdict(_state(writers, unknown), writers, unknown, keep, tuple(found))


def once_each(tests: Sequence[WriteTest]) -> tuple[WriteTest, ...]:
    """One server that answers for two Regions is one writer: where it isn't at home is then unknown."""
    taken: set[tuple[str, str]] = set()
    found = []
    for test in tests:
        server = (test.server_id_source, test.server_id)
        if test.accepts is Accepts.YES and test.server_id and server in taken:
            how = f"{test.server_id} answered here too: the endpoint leads to another Region's server"
            test = replace(test, accepts=Accepts.UNKNOWN, how=how)
        if test.accepts is Accepts.YES:
            taken.add(server)
        found.append(test)
    return tuple(found)


def _state(writers: Sequence[str], unknown: Sequence[str]) -> Writers:
    if len(writers) > 1:
        return Writers.SPLIT
    if unknown:
        return Writers.UNKNOWN
    return Writers.ONE if writers else Writers.NONE


def _keep(writers: Sequence[str], seen: SplitBrainSeen) -> str:
    """The Region whose writes count: the only writer, or the one that was promoted last, by AWS's word.

    A failover's target is the writer by everybody's word. A detached one is by its own Region's word only, and was
    promoted later than the writer of the global cluster that it left.
    """
    if len(writers) == 1:
        return writers[0]
    told = [view for view in seen.views if not view.error and view.writer in writers]
    detached = {view.writer for view in told if view.detached}
    named = detached or {view.writer for view in told}
    return named.pop() if len(named) == 1 else ""


def _two(tests: Sequence[WriteTest], writers: Sequence[str], keep: str) -> Iterator[Finding]:
    if len(writers) < 2:
        return
    who = "; ".join(f"{test.region}: {test.how}" for test in tests if test.region in writers)
    others = [region for region in writers if region != keep]
    if keep:
        out = f"Keep {keep}, which was promoted last. " + " ".join(
            f"Fence {region} now (region_fence, state=fenced, region={region})" for region in others
        )
    else:
        out = (
            "Decide now which Region is to write, that to which clients are sent unless you know better, and fence"
            " the other one (region_fence, state=fenced)"
        )
    rest = "; what it took meanwhile is then told apart by playbooks/reconcile.yml. Fail back only after that."
    yield _refusal("two_writers", f"Two Regions take writes now. {who}.", out + rest)


def _none(writers: Sequence[str], unknown: Sequence[str]) -> Iterator[Finding]:
    if not writers and not unknown:
        yield _warning(
            "no_writer",
            "No Region takes writes now.",
            "If nothing is being promoted at the moment, look at the clusters, and fail over to the one that is well.",
        )


def _silent(tests: Sequence[WriteTest]) -> Iterator[Finding]:
    for test in tests:
        if test.accepts is Accepts.UNKNOWN:
            yield _warning(
                "writer_unknown",
                f"Whether {test.region} takes writes isn't known: {test.how}.",
                "It may take those of clients that do reach it. Fence it, or ask from inside its VPC.",
            )


def _aws(views: Sequence[ApiView], writers: Sequence[str], unknown: Sequence[str]) -> Iterator[Finding]:
    told = [view for view in views if not view.error]
    said = "; ".join(f"through {view.region}: {view.writer or 'nobody'}" for view in told)
    moving = next((view.operation for view in told if view.operation), "")
    under_way = f" (an operation is {moving})" if moving else ""
    if len({view.writer for view in told}) > 1:
        yield _warning(
            "aws_views_differ",
            f"AWS names different writers{under_way}. {said}.",
            "Trust the write tests. Each Region knows its own cluster; a detached or partitioned one knows no other.",
        )
    elif told and not unknown and writers and told[0].writer not in writers:
        yield _warning(
            "aws_disagrees",
            f"AWS names {told[0].writer or 'nobody'} the writer{under_way}, and {', '.join(writers)} takes writes.",
            "While an operation is under way this passes. Else look at the cluster's events before promoting anything.",
        )


def _clients(seen: SplitBrainSeen, writers: Sequence[str], unknown: Sequence[str]) -> Iterator[Finding]:
    answered = [sent for sent in seen.sent if not sent.error]
    if seen.name and not answered:
        why = "; ".join(f"{sent.server}: {sent.error}" for sent in seen.sent) or "no name server was found"
        yield _warning(
            "clients_unknown", f"Where {seen.name} sends clients isn't known: {why}.", "Check the resolvers."
        )
        return
    regions = sorted({region for sent in answered for region in sent.regions})
    strangers = sorted({address for sent in answered for address in sent.strangers})
    if strangers:
        yield _warning(
            "clients_elsewhere",
            f"{seen.name} leads to {', '.join(strangers)}, which is no Region's address.",
            "Correct the record, or its addresses in the inventory.",
        )
    if len(regions) > 1:
        yield _warning(
            "clients_in_two_regions",
            f"{seen.name} sends clients to {' and to '.join(regions)}.",
            "A switch may be under way, which takes a TTL. Else look at the record pair and the latch.",
        )
    elif regions and writers and not set(regions) & {*writers, *unknown}:
        yield _warning(
            "clients_not_at_writer",
            f"{seen.name} sends clients to {regions[0]}, and {', '.join(writers)} takes the writes.",
            "Run the failover again with the writer's Region as its target: it sends clients there.",
        )


def unasked_findings(result: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What a task that failed says instead: nobody knows who takes writes."""
    if "state" in result:
        return ()
    why = result.get("msg", "it was not asked")
    return (_warning("writers_not_asked", f"Who takes writes isn't known: {why}", "Mend that, then run again."),)


def lines(seen: SplitBrainSeen, verdict: Verdict) -> list[str]:
    """What was seen, as a person reads it."""
    shown = [f"{test.region}: takes writes: {test.accepts.value.upper()} ({test.how})" for test in seen.tests]
    shown += [f"AWS through {view.region}: {view.error or view.writer or 'nobody writes'}" for view in seen.views]
    for sent in seen.sent:
        there = ", ".join((*sent.regions, *sent.strangers)) or "nowhere"
        shown.append(f"{seen.name} by {sent.server}: {sent.error or there}")
    known = ", ".join(verdict.writers) or "none"
    words = {
        Writers.ONE: f"one writer: {', '.join(verdict.writers)}",
        Writers.SPLIT: f"SPLIT BRAIN: {' and '.join(verdict.writers)} take writes",
        Writers.NONE: "nobody takes writes",
        Writers.UNKNOWN: f"writers known: {known}; unknown: {', '.join(verdict.unknown)}",
    }
    return [*shown, words[verdict.state]]


def _refusal(code: str, observed: str, remedy: str) -> Finding:
    return refusal(code, observed, remedy, f"{RUNBOOK}#{code}")


def _warning(code: str, observed: str, remedy: str) -> Finding:
    return warning(code, observed, remedy, f"{RUNBOOK}#{code}")
