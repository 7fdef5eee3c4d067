# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a run could be opened: the state table answers, nobody is at it, no fence is owed."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import TableSeen
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunKind
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import lease
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    adopted,
    how_old,
)


def judge_table(seen: Sightings[TableSeen], case: Case) -> Iterator[Remark]:
    table = seen.of(case.target)
    if not case.workload.table:
        return
    if table is None:
        yield Remark(
            "state_table_unreachable",
            Weight.PLANNED,
            case.target,
            f"The state table {case.workload.table} doesn't answer in {case.target}:"
            f" {seen.unread.get(case.target, 'not asked').rstrip('.')}.",
            "Check the table's replica there. In a disaster a run goes without it: -e break_glass=true -e reason=...",
        )
        return
    yield from _lock(table, case)
    for fence in table.fences:
        if fence.owed:
            yield Remark(
                "fence_owed",
                # A target that was rebuilt as a replica has no old writer; else other findings refuse it.
                Weight.NEVER if fence.region == case.target else Weight.PLANNED,
                fence.region,
                f"{fence.region} is still to be fenced, since {how_old(max(0.0, case.now - fence.at))} (run"
                f" {fence.run_id or 'unknown'}): it may acknowledge writes that are lost.",
                "Once it answers: ansible-playbook multiregion.aws_dr.region_return. It keeps the lost primary's"
                " snapshot, too.",
            )


def _lock(table: TableSeen, case: Case) -> Iterator[Remark]:
    lock = table.lock
    if lock is None or lock.free or (case.run_id and lock.run_id == case.run_id):
        return
    workload = case.workload
    asked = lease.Request("", lock.key, RunKind.FAILOVER, workload.name, case.mode.value, case.target)
    decision = lease.decide(lock, table.run, asked, table.holder_is_dead)
    if isinstance(decision, lease.Refuse):
        yield from adopted(decision.findings, case.target)
    elif isinstance(decision, lease.Watch):
        yield from adopted((_held(table),), case.target)
    elif decision.resumes or decision.preempts:
        run = decision.resumes or decision.preempts
        yield Remark(
            "run_open",
            Weight.NEVER,
            case.target,
            f"The {run.kind.value} of {run.workload} to {run.target} (run {run.id}) isn't ended."
            if run
            else f"The run {lock.run_id} isn't ended.",
            "A failover goes on with it, or ends it where it is a drill or a Region's return.",
        )


def _held(table: TableSeen) -> Finding:
    if table.lock is None:
        raise AssertionError("there is a lock to watch")
    held = lease.held(table.lock, table.run)
    return Finding(
        held.code, held.severity, held.observed.replace(" renewed its lease while this one waited", ""), held.remedy
    )
