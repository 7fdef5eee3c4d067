#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: run_info
version_added: 0.1.0
short_description: Who is at it, how far the open run is, and how the last ones went
description:
  - Reads the lock of each workload, the run that holds it with the steps of its journal, and the last runs.
  - Where a journal was kept on this machine after breaking the glass, that is read too, until
    P(multiregion.aws_dr.run_open#module) has carried it over into the table.
options:
  workloads:
    description: The workloads to look at.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The workload.
        type: str
        required: true
      lock:
        description: What its runs lock, the global cluster's identifier.
        type: str
        required: true
      journal:
        description: The file of the journal on this machine, if there may be one.
        type: path
  regions:
    description: The workload's Regions, to see what each is owed since it was lost.
    type: list
    elements: str
    default: []
  history:
    description: How many of the last runs to return. V(0) reads none.
    type: int
    default: 5
  baselines:
    description: How many of the last preflights' baselines to return, with what they saw of capacity.
    type: int
    default: 0
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 30.0
attributes:
  diff_mode:
    support: none
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.state_tables
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: See what is going on
  multiregion.aws_dr.run_info:
    workloads:
      - name: shop
        lock: shop
    table: aws-dr-state
    table_regions: [eu-west-1, eu-central-1]
  register: seen
"""

RETURN = r"""
workloads:
  description: What was read of each workload, once for the table and once more for a journal on this machine.
  returned: success
  type: list
  elements: dict
  contains:
    workload:
      description: Its name.
      type: str
    source:
      description: The table and its Region, or the file.
      type: str
    lock:
      description:
        - Who holds it. Null when nobody does.
        - C(holder_is_dead) says that its process was on this machine and is gone.
      type: dict
    run:
      description: The open run. Null when there is none.
      type: dict
    events:
      description: The open run's steps, the oldest first.
      type: list
      elements: dict
    history:
      description: The last runs, the newest first.
      type: list
      elements: dict
    fences:
      description:
        - What the table has of the fences of O(regions), each with C(region), C(state), C(at) in epoch seconds,
          and of the lost primary C(snapshot) and C(snapshot_state).
        - C(fence_owed) and C(snapshot_owed) say what is still to be done.
      type: list
      elements: dict
    baselines:
      description:
        - The last preflights, the newest first, each with C(taken_at), C(by), what it saw as C(capacity) by Region, and
          C(findings). Only of the table.
      type: list
      elements: dict
    automation:
      description:
        - Of the table, what stands there of automatic failover. C(switches) are the kill switches that were ever set,
          of the workload and of all; C(decision) is the last decision.
        - C(unread) says why it couldn't be read.
      type: dict
calls:
  description: The changing AWS calls. Always empty.
  returned: success
  type: list
  elements: dict
timing:
  description: When the task started and ended.
  returned: success
  type: dict
  contains:
    started:
      description: Seconds since the epoch.
      type: float
    ended:
      description: Seconds since the epoch.
      type: float
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    STATE_TABLES_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.process import is_dead
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.baseline import Baseline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lock import Lock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.automation import read_automation
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.carry_over import journal_at, left_open, missing
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.stores import answering_table_at_once


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Read it all. Raises ``DrError`` where no Region of the table answers."""
    found: list[dict[str, Any]] = []
    for each in options["workloads"]:
        where = (options["table"], options["table_regions"], each["lock"])
        region, table = answering_table_at_once(*where, context)
        seen = _seen(each, f"{options['table']} in {region}", table, options)
        kept = [_baseline(one) for one in _baselines(each["name"], options["baselines"], table)]
        found.append({**seen, "automation": read_automation(each["name"], table), "baselines": kept})
        journal = journal_at(each["journal"])
        if journal is not None and not _is_carried_over(each, journal, table):
            found.append(_seen(each, each["journal"], journal, options))
    return Result(changed=False, values={"workloads": found})


def _baselines(workload: str, limit: int, store: Store) -> tuple[Baseline, ...]:
    return store.read_baselines(workload, limit) if limit > 0 else ()


def _history(workload: str, limit: int, store: Store) -> list[dict[str, Any]]:
    return [each.as_dict() for each in store.read_history(workload, limit)] if limit > 0 else []


def _baseline(kept: Baseline) -> dict[str, Any]:
    """What a trend is made of: the whole of it is big. What an earlier one had seen is in that one."""
    older = kept.older.get("capacity", {})
    capacity = {region: each for region, each in kept.observed.get("capacity", {}).items() if region not in older}
    return {"taken_at": kept.taken_at, "by": kept.by, "capacity": capacity, "findings": list(kept.findings)}


def _is_carried_over(workload: Mapping[str, Any], journal: Store, table: Store) -> bool:
    """Whether the table knows all of it: shown twice, what was settled since would still be owed by the journal."""
    name = workload["name"]
    known = journal.read_history(name, 1) and not missing(name, journal, table)
    return bool(known) and left_open(workload["lock"], name, journal) is None


def _seen(workload: Mapping[str, Any], source: str, store: Store, options: Mapping[str, Any]) -> dict[str, Any]:
    lock = store.read_lock(workload["lock"])
    held = lock is not None and not lock.free
    run_record = store.read_run(lock.run_id) if lock is not None and held else None
    is_open = run_record is not None and run_record.open
    return {
        "workload": workload["name"],
        "source": source,
        "lock": _lock(lock) if lock and held else None,
        "run": run_record.as_dict() if run_record and is_open else None,
        "events": [event.as_dict() for event in store.read_events(run_record.id)] if run_record and is_open else [],
        "history": _history(workload["name"], options["history"], store),
        "fences": _fences(workload["name"], options["regions"], store),
    }


def _lock(lock: Lock) -> dict[str, Any]:
    gone = lock.holder is not None and is_dead(lock.holder)
    return {**vars(lock), "holder": lock.holder.as_dict() if lock.holder else None, "holder_is_dead": gone}


def _fences(workload: str, regions: Iterable[str], store: Store) -> list[dict[str, Any]]:
    """What is still owed to the workload's Regions since they were lost, and what stands there."""
    found = (store.read_fence(workload, region) for region in regions)
    return [
        {**record.as_dict(), "fence_owed": not record.standing, "snapshot_owed": record.snapshot_owed}
        for record in found
        if record is not None
    ]


def main() -> None:
    workload = {
        "name": {"type": "str", "required": True},
        "lock": {"type": "str", "required": True},
        "journal": {"type": "path"},
    }
    run(
        execute,
        argument_spec={
            "workloads": {"type": "list", "elements": "dict", "required": True, "options": workload},
            **STATE_TABLES_SPEC,
            "regions": {"type": "list", "elements": "str", "default": []},
            "history": {"type": "int", "default": 5},
            "baselines": {"type": "int", "default": 0},
            "timeout": timeout_spec(30),
        },
    )


if __name__ == "__main__":
    main()
