# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions, the kill switch and the policy, as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import EVERY_WORKLOAD, Action, Decision
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Reading, Ruling, Verdict
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import command
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.trigger_policy import BadPolicy, policy_of

SEEN_TO = {"writer_elsewhere", "lease_held"}
"""Why it isn't acted on, where somebody has acted already."""

_SAID = {
    Action.NONE: "nothing is done",
    Action.HOLD: "nothing is done, for now",
    Action.RECOMMEND: "a person is told what to do",
    Action.FAIL_OVER: "it fails over",
}


def by_hand(verdict: Verdict, target: str) -> str:
    """The command that fails over, as a person types it: who it is that approves is asked on the terminal."""
    since = {"first_failure": f"{verdict.first_failure:.3f}"} if verdict.first_failure else {}
    return command("failover", verdict.workload, target=target, mode="unplanned", accept_data_loss="true", **since)


def decision_lines(decision: Decision, target: str) -> list[str]:
    """What was ruled, on what evidence, what is done, and every reason for not doing more."""
    verdict = decision.verdict
    ruled = f"{verdict.workload}: {verdict.region} is ruled {verdict.ruling.value.replace('_', ' ')}"
    lines = [f"{ruled} ({'; '.join(verdict.reasons) or 'no reason is given'}): {_SAID[decision.action]}"]
    for each in verdict.evidence:
        if each.reading is not Reading.GOOD or each.region == verdict.region:
            where = f"{each.region} from {each.witness.place}"
            lines.append(f"    {each.reading.value.upper()}: {each.witness.name} ({each.witness.kind.value}), {where}")
    for reason in decision.reasons:
        lines += [f"    [{reason.code}] {reason.observed}", f"        -> {reason.remedy}"]
    if decision.action is Action.RECOMMEND:
        lines.append(f"    -> {by_hand(verdict, target)}")
    return lines


def told_lines(decision: Decision, target: str) -> list[str]:
    """What people are told where a Region is lost and no run tells of it. The same each time, so it is told once."""
    verdict = decision.verdict
    if verdict.ruling is not Ruling.REGION_LOST or decision.action not in (Action.HOLD, Action.RECOMMEND):
        return []
    if SEEN_TO & set(decision.codes):
        return []
    found = [f"{verdict.region} is lost to {verdict.workload}, by its witnesses. Nothing was changed."]
    if decision.action is Action.HOLD:
        found.append(f"It isn't failed over by itself: {', '.join(decision.codes)}.")
    return [*found, f"To fail over: {by_hand(verdict, target)}"]


def automation_lines(seen: Mapping[str, Any] | None, policy: Mapping[str, Any] | None, now: float) -> list[str]:
    """Policy, kill switch and last decision, for a screen. ``seen`` is as ``run_info`` has it, ``now`` in seconds."""
    if not policy and not (seen and (seen["switches"] or seen["decision"])):
        return []
    lines = [f"    automatic failover: {_policy(policy)}"]
    if seen is None or seen["unread"]:
        why = f": {seen['unread']}" if seen else ""
        return [*lines, f"    KILL SWITCH unreadable, which counts as engaged{why}"]
    return [*lines, *_switch_lines(seen["switches"]), *_decision_line(seen["decision"], now)]


def _policy(given: Mapping[str, Any] | None) -> str:
    try:
        policy = policy_of(given or {})
    except BadPolicy as error:
        return f"NOT POSSIBLE: {error}"
    witnesses = f"{policy.witnesses} witnesses of {policy.kinds} kinds for {policy.sustained:g} s"
    return f"{policy.automation.value}, on {witnesses}, {policy.cooldown:g} s after any run"


def _switch_lines(switches: Iterable[Mapping[str, Any]]) -> list[str]:
    engaged = [each for each in switches if each["state"] != "released"]
    return [
        f"    KILL SWITCH engaged for {'every workload' if each['scope'] == EVERY_WORKLOAD else each['scope']}"
        f" by {each['by'] or 'somebody'}: {each['reason']}"
        for each in engaged
    ] or ["    kill switch: released"]


def _decision_line(decision: Mapping[str, Any] | None, now: float) -> list[str]:
    if decision is None:
        return []
    codes = f" ({', '.join(decision['codes'])})" if decision["codes"] else ""
    ruled = f"ruled {decision['ruling'].replace('_', ' ')}"
    return [f"    last decision {max(0.0, now - decision['at']):.0f} s ago: {decision['action']}, {ruled}{codes}"]
