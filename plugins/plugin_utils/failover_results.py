# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failover's tasks returned, by the steps that they are of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import LatchState, ObjectState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.step import Layer, LayerState, StepName
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import owed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.latch import overall
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.ledger import Loss

STEPS: Mapping[str, StepName] = {
    "fence": StepName.FENCE_REGION,
    "lifted": StepName.FENCE_REGION,
    "scaling": StepName.SCALE_COMPUTE,
    "sources_off": StepName.DISABLE_EVENT_SOURCES,
    "drained": StepName.DRAIN_STORAGE,
    "start": StepName.PROMOTE_DATABASE,
    "cache": StepName.PROMOTE_CACHE,
    "parameters": StepName.SYNC_PARAMETERS,
    "secrets": StepName.PROMOTE_SECRETS,
    "sources_on": StepName.ENABLE_EVENT_SOURCES,
    "reverse": StepName.SWITCH_TRAFFIC,
    "traffic": StepName.SWITCH_TRAFFIC,
    "cleared": StepName.SWITCH_TRAFFIC,
    "reverse_cleared": StepName.SWITCH_TRAFFIC,
    "edge": StepName.SWITCH_EDGE,
    "keys": StepName.MOVE_KEYS,
}
"""The tasks' results, by the step that each is of. Of a layer that the workload hasn't got there is none."""
FOLLOWING = {
    "scaled": "compute",
    "cached": "cache",
    "secrets": "secret",
    "edge": "CloudFront",
    "keys": "key",
    "fed": "sources on",
    "reverse": "the reverse latch is still set, and sends clients back: run this again",
    "cleared": "the forward latch is still set in part: run this again, planned, once its Regions are back",
    **dict.fromkeys(("scaling", "cache", "parameters", "sources_on"), ""),
}


def each(result: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """A task's results: that of a loop has several. Those that were skipped are left out."""
    found = (result or {}).get("results", [result or {}])
    return [one for one in found if one and not one.get("skipped")]


def trouble_of(result: Mapping[str, Any]) -> str:
    """What went wrong; empty where nothing did.

    Of a failure that ``failed_when`` let pass only its message is left: Ansible takes back that it failed. What ends
    well has none.
    """
    return str(result.get("msg") or result.get("error") or ("it failed" if result.get("failed") else ""))


def planned_calls(results: Mapping[str, Any]) -> list[dict[str, str]]:
    """The changing AWS calls of all steps, in their order."""
    return [dict(call) for step in STEPS for one in each(results.get(step)) for call in one.get("calls", [])]


def layers(results: Mapping[str, Any]) -> dict[StepName, Layer]:
    """What each step would do, as its task said in check mode."""
    ran: dict[StepName, list[Mapping[str, Any]]] = {}
    for name, step in STEPS.items():
        ran.setdefault(step, []).extend(each(results.get(name)))
    return {step: _layer(done) for step, done in ran.items() if done}


def _layer(done: Sequence[Mapping[str, Any]]) -> Layer:
    calls = tuple(Call(**call) for one in done for call in one.get("calls", []))
    failed = any(map(trouble_of, done))
    return Layer(LayerState.UNKNOWN if failed else LayerState.BEHIND if calls else LayerState.CONVERGED, calls)


def owed_layers(results: Mapping[str, Any]) -> list[str]:
    """What failed without holding up users, and what is to be put right later."""
    found = [
        f"{label or name.replace('_', ' ')}: {trouble}"
        for name, label in FOLLOWING.items()
        for one in each(results.get(name))
        if (trouble := trouble_of(one))
    ]
    found += [*_to_be_linked(results), *results.get("extras_owed", [])]
    fence = results.get("fence", {}).get("fence") or {}
    if fence.get("state") not in (None, "fenced", "unfenced"):
        found.append(owed.fence(fence["region"], fence["state"]))
    return found


def fences_owed(health: Mapping[str, Any]) -> list[str]:
    """What an earlier run left to be fenced, by readiness's findings: a run that finds nothing to do fences nothing."""
    return [owed.fence(each["region"], "owed") for each in health["findings"] if each["code"] == "fence_owed"]


def behind(following: Mapping[str, Any], mode: str) -> list[str]:
    """The steps that have something to do, have it under way, or can't tell, of those that follow the writer.

    ``following`` is what their tasks said in check mode. Of a planned run nothing was forgiven but what it says itself:
    there, one that can't tell isn't a reason to begin another.
    """
    return [
        step.value
        for name, step in STEPS.items()
        if any(_unsettled(one, mode == "unplanned") for one in each(following.get(name)))
    ]


def _unsettled(seen: Mapping[str, Any], unknown_counts: bool) -> bool:
    under_way = not seen.get("capacity", {}).get("served", True) or not (seen.get("operation") or {}).get(
        "already", True
    )
    return bool(seen.get("calls")) or under_way or (unknown_counts and bool(trouble_of(seen)))


def _to_be_linked(results: Mapping[str, Any]) -> Iterator[str]:
    for one in each(results.get("secrets")):
        if one.get("changed") and not trouble_of(one):
            secret = one["secret"]
            yield (
                f"the secret {secret['name']} stands alone in {secret['region']}: failback links the other Region's to"
                " it again (secretsmanager_replica, state=linked)"
            )


def frozen_ledger(opened: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What was reckoned before anything was done; of a switchover that became a failover, when it became one."""
    record = opened["record"]
    if not record:
        return None
    ledger: Mapping[str, Any] = record["details"]["ledger"]
    if record["mode"] != "unplanned" or ledger.get("mode", "unplanned") == "unplanned":
        return ledger
    for event in opened["events"]:
        later = event["seen"].get("details", {}).get("ledger")
        if event["step"] == "resume" and event["seen"].get("mode") == "unplanned" and later:
            # The lags stay those of before: what is sampled once a disaster runs says nothing.
            return {**later, "lags": ledger["lags"] or later["lags"], "run_started": ledger["run_started"]}
    return ledger


def layer_losses(ledger: Mapping[str, Any]) -> list[tuple[str, Loss]]:
    """The lines of the layers beside the database, which has its own, by their names."""
    return [
        (f"{line['layer']} {line['item']}", Loss(line["seconds"], line["known_as"], line["basis"]))
        for line in ledger.get("layers", [])
        if line["layer"] != "database"
    ]


def clients_are_there(traffic: Mapping[str, Any], target: str, standby: str) -> bool:
    """Whether clients are known to be sent to the target already, by whatever it is that switches them.

    ``traffic`` has ``by``, and what was seen: readiness's ``observed`` with the ``latch``'s objects and those that are
    to be ``cleared``, too, or the routing controls; or ``seen``, a module's result.
    """
    if traffic["by"] == "latch":
        held = LatchState.SET if target == standby else LatchState.CLEAR
        in_the_way = _latch(traffic["observed"], traffic.get("cleared", ())) in (LatchState.SET, LatchState.PARTIAL)
        return _latch(traffic["observed"], traffic["latch"]) is held and not in_the_way
    if traffic["by"] == "routing_control":
        seen = traffic["observed"].get("routing control", {}).get(target, {"controls": []})
        states = {control["region"]: control["state"] for control in seen["controls"]}
        return bool(states) and all(states[region] == ("On" if region == target else "Off") for region in states)
    return not trouble_of(traffic["seen"]) and not traffic["seen"]["calls"]  # a look is said to change nothing


def _latch(observed: Mapping[str, Any], forward: Sequence[Mapping[str, str]]) -> LatchState:
    states = {
        (found["bucket"], found["region"]): found["state"]
        for region in observed.get("latch", {}).values()
        for found in region["objects"]
    }
    known = (states.get((where["bucket"], where["region"]), ObjectState.UNKNOWN.value) for where in forward)
    return overall(ObjectState(state) for state in known)


def traffic_held(traffic: Mapping[str, Any]) -> bool:
    """Whether clients are kept where they were sent. Only a latch can be set in part."""
    return bool(traffic["latch"]["held"]) if "latch" in traffic else True
