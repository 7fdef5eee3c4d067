# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a verdict is acted on without a person. Lag is no question here: it grows because the Region is gone."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import (
    Action,
    Automation,
    Decision,
    Policy,
    Surroundings,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Ruling, Verdict
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger_policy import in_windows
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.witness import against, missing

RUNBOOK = "docs/runbooks/automatic-failover.md"
FRESH = 60.0  # seconds that a verdict may be old: one that waited in a queue says nothing of now

ACTS = {Automation.AUTOMATIC: Action.FAIL_OVER, Automation.RECOMMEND: Action.RECOMMEND, Automation.MANUAL: Action.NONE}


def decide(policy: Policy, verdict: Verdict, surroundings: Surroundings) -> Decision:
    """What to do about ``verdict``, with every reason for not doing more. What isn't known is such a reason."""
    if verdict.ruling is Ruling.HEALTHY:
        return Decision(Action.NONE, verdict)
    if policy.automation is Automation.MANUAL:
        return Decision(Action.NONE, verdict, tuple(_off()))
    reasons = (
        *_ruling(verdict),
        *_evidence(policy, verdict, surroundings),
        *_switch(surroundings),
        *_lease(surroundings),
        *_writer(verdict, surroundings),
        *_cooldown(policy, surroundings),
        *_hours(policy, surroundings),
        *_target(surroundings),
    )
    return Decision(Action.HOLD if reasons else ACTS[policy.automation], verdict, reasons)


def _hold(code: str, observed: str, remedy: str) -> Finding:
    return refusal(code, observed, remedy, f"{RUNBOOK}#{code}")


def _off() -> Iterator[Finding]:
    yield _hold(
        "automation_off",
        "The policy says manual: nothing is done without a person.",
        "Fail over by hand if you must, or set aws_dr_automatic.mode to recommend or automatic.",
    )


def _ruling(verdict: Verdict) -> Iterator[Finding]:
    seen = f"{verdict.region}: {'; '.join(verdict.reasons)}."
    if verdict.ruling is Ruling.SUSPECTED:
        yield _hold("region_suspected", seen, "Wait: the watcher rules again with each look.")
    if verdict.ruling is Ruling.APPLICATION:
        yield _hold("application_failing", seen, "Roll the release back: the other Region may have it, too.")
    if verdict.ruling is Ruling.ISOLATED:
        yield _hold("watcher_isolated", seen, "Look after the watcher's own network, and look at the Region by hand.")
    if verdict.ruling is Ruling.UNCLEAR:
        yield _hold(
            "witnesses_unclear", seen, "Look at the Region by hand: the witnesses can't tell what is the matter."
        )


def _evidence(policy: Policy, verdict: Verdict, surroundings: Surroundings) -> Iterator[Finding]:
    """The verdict held against the policy once more: it may have been made by another one, or a while ago."""
    if verdict.ruling is not Ruling.REGION_LOST:
        return
    lacking = missing(against(verdict.evidence, verdict.region), policy)
    if lacking:
        yield _hold(
            "too_few_witnesses",
            f"The verdict's evidence isn't enough: {'; '.join(lacking)}.",
            "Let watcher and playbook read the same aws_dr_automatic.",
        )
    if not verdict.sustained >= policy.sustained:
        yield _hold(
            "not_sustained",
            f"The Region has been failing for {verdict.sustained:.1f} of {policy.sustained:g} s.",
            "Wait: the watcher rules again with each look.",
        )
    age = surroundings.wall - verdict.ruled_at
    if not abs(age) <= FRESH:
        yield _hold(
            "verdict_stale",
            f"The verdict is {age:.0f} s old; more than {FRESH:.0f} s either way say nothing of now.",
            "Wait for the watcher's next one. Where it never comes, see that the watcher runs, and its clock.",
        )


def _switch(surroundings: Surroundings) -> Iterator[Finding]:
    if surroundings.kill_switch is None:
        yield _hold(
            "switch_unreadable",
            "The kill switch can't be read, and counts as engaged.",
            "See that the state table can be reached from here, or fail over by hand.",
        )
    elif surroundings.kill_switch:
        yield _hold(
            "automation_switched_off",
            "The kill switch is engaged.",
            "ansible-playbook multiregion.aws_dr.automatic -e state=released -e reason=...",
        )


def _lease(surroundings: Surroundings) -> Iterator[Finding]:
    if surroundings.lease_held is None:
        yield _hold(
            "lease_unknown",
            "Whether somebody is at it can't be read.",
            "See that the state table can be reached from here, or fail over by hand.",
        )
    elif surroundings.lease_held:
        yield _hold(
            "lease_held",
            "Somebody is at it: a run of this workload is open.",
            "See how far it is: ansible-playbook multiregion.aws_dr.status. Finish or abort it.",
        )


def _writer(verdict: Verdict, surroundings: Surroundings) -> Iterator[Finding]:
    if surroundings.writer_region is None:
        yield _hold(
            "writer_unknown",
            "Where the workload writes isn't known: neither the standby Region nor a baseline tells.",
            "Run ansible-playbook multiregion.aws_dr.preflight on a schedule, or fail over by hand.",
        )
    elif surroundings.writer_region != verdict.region:
        yield _hold(
            "writer_elsewhere",
            f"The workload writes in {surroundings.writer_region}, not in {verdict.region}: it has been moved.",
            "Nothing is to be done. When the Region is back: ansible-playbook multiregion.aws_dr.failback.",
        )


def _cooldown(policy: Policy, surroundings: Surroundings) -> Iterator[Finding]:
    if surroundings.since_last_run is None:
        yield _hold(
            "last_run_unknown",
            "When the last run ended can't be read.",
            "See that the state table can be reached from here, or fail over by hand.",
        )
    elif not surroundings.since_last_run >= policy.cooldown:
        yield _hold(
            "cooling_down",
            f"The last run ended {surroundings.since_last_run:.0f} s ago; the cooldown is {policy.cooldown:g} s.",
            "Look at that run first (ansible-playbook multiregion.aws_dr.status), or fail over by hand.",
        )


def _hours(policy: Policy, surroundings: Surroundings) -> Iterator[Finding]:
    known = math.isfinite(surroundings.wall)
    if not known or in_windows(policy.maintenance, surroundings.wall):
        yield _hold(
            "in_maintenance",
            "It is a maintenance window of the workload.",
            "Whoever maintains it decides. By hand a failover can be started at any hour.",
        )
    if not known or (policy.allowed and not in_windows(policy.allowed, surroundings.wall)):
        yield _hold(
            "outside_hours",
            "The policy allows nothing at this hour.",
            "Fail over by hand, or allow more hours in aws_dr_automatic.allowed.",
        )


def _target(surroundings: Surroundings) -> Iterator[Finding]:
    if surroundings.target_healthy is None:
        yield _hold(
            "target_unknown",
            "Whether the standby Region is healthy isn't known.",
            "Look: ansible-playbook multiregion.aws_dr.preflight says what can't be read.",
        )
    elif not surroundings.target_healthy:
        yield _hold(
            "target_unhealthy",
            "The standby Region isn't healthy: users would be no better off there.",
            "Look what it lacks: ansible-playbook multiregion.aws_dr.preflight.",
        )
