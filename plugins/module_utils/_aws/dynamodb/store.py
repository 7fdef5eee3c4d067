# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lock and journal in the state table: a DynamoDB global table with multi-Region strong consistency."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, aws_error, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Lock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import Notice
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import DecisionRecord, KillSwitch

T = TypeVar("T")

PATIENCE = 6.0  # seconds for one operation, tries again included
ANSWER = 2.0  # seconds for one try: an item takes milliseconds, another Region's quorum tens of them
AGAIN_AFTER = 0.1
WORTH_A_TRY = 0.5  # seconds that must be left for one more


class TableStore:
    """The ``Store`` behind one Region's endpoint. Raises ``DrError`` where that gives no answer."""

    def __init__(self, clients: Clients, region: str, table: str, clock: Clock) -> None:
        self._clients = clients
        self._region = region
        self._table = table
        self._clock = clock

    def read_lock(self, key: str) -> Lock | None:
        item = self._do("GetItem", lambda client: api.get_item(client, self._table, transform.lock_key(key)))
        return transform.lock(item) if item else None

    def write_lock(self, lock: Lock, seen: Lock | None) -> bool:
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if seen is not None:
            condition = {
                "ConditionExpression": "#f = :f AND #v = :v",
                "ExpressionAttributeNames": {"#f": "fence", "#v": "version"},
                "ExpressionAttributeValues": {":f": {"N": str(seen.fence)}, ":v": {"N": str(seen.version)}},
            }
        return self._write(transform.lock_item(lock), condition, lambda: self.read_lock(lock.key) == lock)

    def renew(self, key: str, fence: int) -> bool:
        update = {
            "UpdateExpression": "ADD #v :one",
            "ConditionExpression": "#f = :f",
            "ExpressionAttributeNames": {"#f": "fence", "#v": "version"},
            "ExpressionAttributeValues": {":f": {"N": str(fence)}, ":one": {"N": "1"}},
        }
        return self._do(
            "UpdateItem", lambda client: api.update_item(client, self._table, transform.lock_key(key), update)
        )

    def read_run(self, run_id: str) -> RunRecord | None:
        item = self._do("GetItem", lambda client: api.get_item(client, self._table, transform.run_key(run_id)))
        return transform.run(item) if item else None

    def write_run(self, run: RunRecord) -> bool:
        condition = {
            "ConditionExpression": "attribute_not_exists(pk) OR (attribute_not_exists(#o) AND #f <= :f)",
            "ExpressionAttributeNames": {"#o": "outcome", "#f": "fence"},
            "ExpressionAttributeValues": {":f": {"N": str(run.fence)}},
        }
        return self._write(transform.run_item(run), condition, lambda: self.read_run(run.id) == run)

    def add_event(self, event: Event) -> None:
        item = transform.event_item(event, secrets.token_hex(4))
        self._do("PutItem", lambda client: api.put_item(client, self._table, item, {}))

    def read_events(self, run_id: str) -> tuple[Event, ...]:
        found = self._do("Query", lambda client: api.query(client, self._table, f"run#{run_id}", "event#"))
        return tuple(map(transform.event, found))

    def add_history(self, run: RunRecord) -> None:
        item = transform.history_item(run)
        self._do("PutItem", lambda client: api.put_item(client, self._table, item, {}))

    def read_history(self, workload: str, limit: int) -> tuple[RunRecord, ...]:
        found = self._do("Query", lambda client: api.query(client, self._table, f"history#{workload}", "", limit))
        return tuple(map(transform.run, found))

    def read_baseline(self, workload: str) -> Baseline | None:
        return next(iter(self.read_baselines(workload, 1)), None)

    def read_baselines(self, workload: str, limit: int) -> tuple[Baseline, ...]:
        found = self._do("Query", lambda client: api.query(client, self._table, f"baseline#{workload}", "", limit))
        return tuple(map(transform.baseline, found))

    def write_baseline(self, baseline: Baseline) -> None:
        item = transform.baseline_item(baseline)
        self._do("PutItem", lambda client: api.put_item(client, self._table, item, {}))

    def read_fence(self, workload: str, region: str) -> FenceRecord | None:
        where = transform.fence_key(workload, region)
        item = self._do("GetItem", lambda client: api.get_item(client, self._table, where))
        return transform.fence(item) if item else None

    def write_fence(self, fence: FenceRecord) -> None:
        item = transform.fence_item(fence)
        self._do("PutItem", lambda client: api.put_item(client, self._table, item, {}))

    def read_switch(self, scope: str) -> KillSwitch | None:
        item = self._do("GetItem", lambda client: api.get_item(client, self._table, transform.switch_key(scope)))
        return transform.switch(item) if item else None

    def write_switch(self, switch: KillSwitch, seen: KillSwitch | None) -> bool:
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if seen is not None:
            condition = {
                "ConditionExpression": "#a = :a",
                "ExpressionAttributeNames": {"#a": "at"},
                "ExpressionAttributeValues": {":a": {"N": repr(seen.at)}},
            }
        return self._write(transform.switch_item(switch), condition, lambda: self.read_switch(switch.scope) == switch)

    def read_decisions(self, workload: str) -> tuple[DecisionRecord, ...]:
        partition = transform.decision_partition(workload)
        found = self._do("Query", lambda client: api.query(client, self._table, partition, ""))
        return transform.newest_first(map(transform.decision, found))

    def write_decision(self, decision: DecisionRecord) -> bool:
        condition = {
            "ConditionExpression": "attribute_not_exists(pk) OR #n < :n",
            "ExpressionAttributeNames": {"#n": "number"},
            "ExpressionAttributeValues": {":n": {"N": str(decision.number)}},
        }
        item = transform.decision_item(decision)
        return self._do("PutItem", lambda client: api.put_item(client, self._table, item, condition))

    def read_notices(self, workload: str, limit: int) -> tuple[Notice, ...]:
        found = self._do("Query", lambda client: api.query(client, self._table, f"outbox#{workload}", "", limit))
        return tuple(map(transform.notice, found))

    def write_notice(self, notice: Notice, seen: Notice | None) -> bool:
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if seen is not None:
            condition = {
                "ConditionExpression": "#v = :v",
                "ExpressionAttributeNames": {"#v": "version"},
                "ExpressionAttributeValues": {":v": {"N": str(seen.version)}},
            }
        # Where a try gave no answer it isn't asked what stands there: better sent by nobody now than by two.
        item = transform.notice_item(notice)
        return self._do("PutItem", lambda client: api.put_item(client, self._table, item, condition))

    def _write(self, item: transform.Item, condition: dict[str, Any], is_there: Callable[[], bool]) -> bool:
        """A conditional write. Where a try gave no answer, what stands there then says whether it was made."""
        unclear = False

        def put(client: Any) -> bool:
            nonlocal unclear
            try:
                return api.put_item(client, self._table, item, condition)
            except CALL_ERRORS as exc:
                unclear = unclear or not self._surely_without_effect(exc)
                raise

        written = self._do("PutItem", put)
        return written or (unclear and is_there())

    def _do(self, action: str, call: Callable[[Any], T]) -> T:
        """Call again until there is an answer, an error that is final, or no time left."""
        tried = f"dynamodb:{action} on {self._table} in {self._region}"
        deadline = Deadline.after(self._clock, PATIENCE)
        while True:
            try:
                return within(
                    lambda: call(self._clients.get("dynamodb", self._region)),
                    deadline.sooner(self._clock, ANSWER),
                    self._clock,
                    tried,
                )
            except CALL_ERRORS as exc:
                final = effect_of(exc) is Effect.FINAL and error_code(exc) not in api.TRY_AGAIN
                if final or deadline.remaining(self._clock) <= WORTH_A_TRY:
                    raise self._unreachable(exc, tried) from exc
            self._clock.sleep(AGAIN_AFTER)

    @staticmethod
    def _surely_without_effect(exc: Exception) -> bool:
        return effect_of(exc) is not Effect.UNKNOWN

    @staticmethod
    def _unreachable(exc: Exception, tried: str) -> DrError:
        return exc if isinstance(exc, DrError) else aws_error(exc, tried)
