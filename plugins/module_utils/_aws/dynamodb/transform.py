# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records to items of the state table and back. What has a structure of its own is kept as JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database_canary import Segment
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Holder, Lock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import Notice
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import (
    Event,
    EventState,
    Outcome,
    RunKind,
    RunRecord,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import DecisionRecord, KillSwitch

Item = dict[str, dict[str, str]]


def key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def lock_key(name: str) -> Item:
    return key(f"lock#{name}", "lock")


def run_key(run_id: str) -> Item:
    return key(f"run#{run_id}", "run")


def lock_item(lock: Lock) -> Item:
    values = {**vars(lock), "holder": lock.holder.as_dict() if lock.holder else None}
    return lock_key(lock.key) | _attributes(values, leave_out=("key",))


def lock(item: Mapping[str, Any]) -> Lock:
    values = _values(item)
    holder = values.pop("holder", None)
    return Lock(
        key=item["pk"]["S"].partition("#")[2],
        holder=Holder.from_dict(holder) if holder else None,
        **{**values, "fence": int(values["fence"]), "version": int(values["version"])},
    )


def run_item(run: RunRecord) -> Item:
    return run_key(run.id) | _attributes(run.as_dict())


def history_item(run: RunRecord) -> Item:
    """Sorted by when it was opened: the last runs are one query."""
    return key(f"history#{run.workload}", f"{int(run.opened_at * 1000):015d}#{run.id}") | _attributes(run.as_dict())


def run(item: Mapping[str, Any]) -> RunRecord:
    values = _values(item)
    outcome = values.pop("outcome", None)
    return RunRecord(
        **{
            **values,
            "kind": RunKind(values["kind"]),
            "outcome": Outcome(outcome) if outcome else None,
            "fence": int(values["fence"]),
            "resumed": int(values["resumed"]),
        }
    )


def event_item(event: Event, nonce: str) -> Item:
    """By fence, then by time: what a run that was taken over still wrote stands before its successor's."""
    sk = f"event#{event.fence:09d}#{int(event.at * 1000):015d}#{nonce}"
    return key(f"run#{event.run_id}", sk) | _attributes(event.as_dict())


def event(item: Mapping[str, Any]) -> Event:
    values = _values(item)
    return Event(
        **{
            **values,
            "state": EventState(values["state"]),
            "fence": int(values["fence"]),
            "calls": tuple(Call(**call) for call in values["calls"]),
        }
    )


def fence_key(workload: str, region: str) -> Item:
    return key(f"fence#{workload}#{region}", "fence")


def fence_item(fence: FenceRecord) -> Item:
    return fence_key(fence.workload, fence.region) | _attributes(fence.as_dict())


def fence(item: Mapping[str, Any]) -> FenceRecord:
    return FenceRecord(**_values(item))


def notice_item(notice: Notice) -> Item:
    """Its id begins with the time: the newest ones are one query."""
    return key(f"outbox#{notice.workload}", notice.id) | _attributes(notice.as_dict())


def notice(item: Mapping[str, Any]) -> Notice:
    return Notice.from_dict(_values(item))


SWITCH = "switch#automatic"
DECISIONS = 50  # that are kept of a workload, each in the place of one fifty before


def switch_key(scope: str) -> Item:
    return key(SWITCH, scope)


def switch_item(switch: KillSwitch) -> Item:
    return switch_key(switch.scope) | _attributes(switch.as_dict())


def switch(item: Mapping[str, Any]) -> KillSwitch:
    return KillSwitch.from_dict(_values(item))


def decision_partition(workload: str) -> str:
    return f"decision#{workload}"


def decision_item(decision: DecisionRecord) -> Item:
    place = key(decision_partition(decision.workload), f"{decision.number % DECISIONS:03d}")
    return place | _attributes(decision.as_dict())


def decision(item: Mapping[str, Any]) -> DecisionRecord:
    return DecisionRecord.from_dict(_values(item))


def newest_first(decisions: Iterable[DecisionRecord]) -> tuple[DecisionRecord, ...]:
    return tuple(sorted(decisions, key=lambda each: each.number, reverse=True))


def baseline_item(baseline: Baseline) -> Item:
    """Sorted by when it was taken: the newest is one query."""
    sk = f"{int(baseline.taken_at * 1000):015d}"
    return key(f"baseline#{baseline.workload}", sk) | _attributes(baseline.as_dict())


def baseline(item: Mapping[str, Any]) -> Baseline:
    values = _values(item)
    return Baseline(**{**values, "findings": tuple(values["findings"])})


def watcher_item(workload: str, host: str, at: float) -> Item:
    """That the watcher on ``host`` was there at that moment (epoch seconds). One item a host."""
    return {**key(f"watch#{workload}", host), "at": {"N": repr(at)}}


def canary_partition(workload: str) -> str:
    return f"canary#{workload}"


def canary_item(workload: str, sk: str, segment: Segment) -> Item:
    return key(canary_partition(workload), sk) | _attributes(segment.as_dict())


def canary_segment(item: Mapping[str, Any]) -> Segment:
    return Segment.from_dict(_values(item))


def _attributes(values: Mapping[str, Any], leave_out: tuple[str, ...] = ()) -> Item:
    """``None`` is left out; a list or mapping becomes JSON text in an attribute whose name ends in ``_json``."""
    item: Item = {}
    for name, value in values.items():
        if value is None or name in leave_out:
            continue
        if isinstance(value, (int, float)):
            item[name] = {"N": repr(value)}
        elif isinstance(value, str):
            item[name] = {"S": value}
        else:
            item[f"{name}_json"] = {"S": json.dumps(value, sort_keys=True, default=str)}
    return item


def _values(item: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, attribute in item.items():
        if name in ("pk", "sk"):
            continue
        if "N" in attribute:
            values[name] = float(attribute["N"])
        elif name.endswith("_json"):
            values[name.removesuffix("_json")] = json.loads(attribute["S"])
        else:
            values[name] = attribute["S"]
    return values
