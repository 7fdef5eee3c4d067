# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lock and journal in a file of this machine, after breaking the glass: the state table can't be reached.

The file holds JSON, readable by its owner alone. It guards against another run on this machine, not on any other.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb import transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Lock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import Notice
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import DecisionRecord, KillSwitch

Items = dict[str, Any]


class LocalStore:
    """The state table's items, by partition and sort key. Raises ``DrError`` where the file can't be had."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def read_lock(self, key: str) -> Lock | None:
        with self._items() as items:
            item = items.get(_name(transform.lock_key(key)))
        return transform.lock(item) if item else None

    def write_lock(self, lock: Lock, seen: Lock | None) -> bool:
        item = transform.lock_item(lock)
        with self._items() as items:
            stands = items.get(_name(item))
            known = transform.lock(stands) if stands else None
            same = (known is None) if seen is None else known is not None and _numbers(known) == _numbers(seen)
            if same:
                items[_name(item)] = item
        return same

    def renew(self, key: str, fence: int) -> bool:
        with self._items() as items:
            item = items.get(_name(transform.lock_key(key)))
            mine = item is not None and transform.lock(item).fence == fence
            if item is not None and mine:
                item["version"]["N"] = str(int(item["version"]["N"]) + 1)
        return mine

    def read_run(self, run_id: str) -> RunRecord | None:
        with self._items() as items:
            item = items.get(_name(transform.run_key(run_id)))
        return transform.run(item) if item else None

    def write_run(self, run: RunRecord) -> bool:
        item = transform.run_item(run)
        with self._items() as items:
            stands = items.get(_name(item))
            known = transform.run(stands) if stands else None
            writable = known is None or (known.open and known.fence <= run.fence)
            if writable:
                items[_name(item)] = item
        return writable

    def add_event(self, event: Event) -> None:
        with self._items() as items:
            item = transform.event_item(event, f"{len(items):08d}")
            items[_name(item)] = item

    def read_events(self, run_id: str) -> tuple[Event, ...]:
        with self._items() as items:
            found = [items[name] for name in sorted(items) if name.startswith(f"run#{run_id}|event#")]
        return tuple(map(transform.event, found))

    def add_history(self, run: RunRecord) -> None:
        self._put(transform.history_item(run))

    def read_history(self, workload: str, limit: int) -> tuple[RunRecord, ...]:
        with self._items() as items:
            found = [items[name] for name in sorted(items, reverse=True) if name.startswith(f"history#{workload}|")]
        return tuple(map(transform.run, found[:limit]))

    def read_baseline(self, workload: str) -> Baseline | None:
        return next(iter(self.read_baselines(workload, 1)), None)

    def read_baselines(self, workload: str, limit: int) -> tuple[Baseline, ...]:
        with self._items() as items:
            found = [items[name] for name in sorted(items, reverse=True) if name.startswith(f"baseline#{workload}|")]
        return tuple(map(transform.baseline, found[:limit]))

    def write_baseline(self, baseline: Baseline) -> None:
        self._put(transform.baseline_item(baseline))

    def read_fence(self, workload: str, region: str) -> FenceRecord | None:
        with self._items() as items:
            item = items.get(_name(transform.fence_key(workload, region)))
        return transform.fence(item) if item else None

    def fences_of(self, run_id: str) -> tuple[FenceRecord, ...]:
        """Those that the run left."""
        with self._items() as items:
            found = [transform.fence(items[name]) for name in sorted(items) if name.startswith("fence#")]
        return tuple(fence for fence in found if fence.run_id == run_id)

    def write_fence(self, fence: FenceRecord) -> None:
        self._put(transform.fence_item(fence))

    def read_switch(self, scope: str) -> KillSwitch | None:
        with self._items() as items:
            item = items.get(_name(transform.switch_key(scope)))
        return transform.switch(item) if item else None

    def write_switch(self, switch: KillSwitch, seen: KillSwitch | None) -> bool:
        item = transform.switch_item(switch)
        with self._items() as items:
            stands = items.get(_name(item))
            same = (transform.switch(stands) if stands else None) == seen
            if same:
                items[_name(item)] = item
        return same

    def read_decisions(self, workload: str) -> tuple[DecisionRecord, ...]:
        partition = transform.decision_partition(workload)
        with self._items() as items:
            found = [items[name] for name in items if name.startswith(f"{partition}|")]
        return transform.newest_first(map(transform.decision, found))

    def write_decision(self, decision: DecisionRecord) -> bool:
        item = transform.decision_item(decision)
        with self._items() as items:
            stands = items.get(_name(item))
            older = stands is None or transform.decision(stands).number < decision.number
            if older:
                items[_name(item)] = item
        return older

    def read_notices(self, workload: str, limit: int) -> tuple[Notice, ...]:
        with self._items() as items:
            found = [items[name] for name in sorted(items, reverse=True) if name.startswith(f"outbox#{workload}|")]
        return tuple(map(transform.notice, found[:limit]))

    def write_notice(self, notice: Notice, seen: Notice | None) -> bool:
        item = transform.notice_item(notice)
        with self._items() as items:
            stands = items.get(_name(item))
            version = transform.notice(stands).version if stands else None
            same = version == (None if seen is None else seen.version)
            if same:
                items[_name(item)] = item
        return same

    def _put(self, item: transform.Item) -> None:
        with self._items() as items:
            items[_name(item)] = item

    @contextmanager
    def _items(self) -> Iterator[Items]:
        """All items, locked against other processes; what is changed in them is written as a whole, or not at all."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as guard:
                fcntl.flock(guard, fcntl.LOCK_EX)
                before = self._path.read_text(encoding="utf-8") if self._path.exists() else "{}"
                items = json.loads(before)
                yield items
                after = json.dumps(items, indent=1, sort_keys=True)
                if after != before:
                    self._replace(after)
        except (OSError, ValueError) as exc:
            raise DrError(
                f"Using the local journal {self._path}", f"{type(exc).__name__}: {exc}", "Name a file you may write."
            ) from exc

    def _replace(self, text: str) -> None:
        fresh = Path(f"{self._path}.new")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)


def _name(item: transform.Item) -> str:
    return f"{item['pk']['S']}|{item['sk']['S']}"


def _numbers(lock: Lock) -> tuple[int, int]:
    return lock.fence, lock.version
