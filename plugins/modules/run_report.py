#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: run_report
version_added: 0.1.0
short_description: What is on record of a run, or of a workload's last runs, as a report
description:
  - Reads the record and the journal of a run in the state table, not a log, and makes a report of them, which keeps
    the schema in C(docs/report).
  - The report of a closed run is always the same. It changes only when something is noted about the run later, such
    as how many rows were lost.
  - With O(kind=series) it is about the last runs together, how their recovery times developed, how often they went
    well, and which rehearsal is due.
options:
  kind:
    description: Of what.
    type: str
    choices: [run, series]
    default: run
  workload:
    description: The workload.
    type: str
    required: true
  run_id:
    description: Which run. The default is the last one, an open one included.
    type: str
    default: ""
  lock:
    description: What its runs lock, the global cluster's identifier.
    type: str
    required: true
  journal:
    description: The file of the journal on this machine, if there may be one. It is read too.
    type: path
    default: ""
  last:
    description: How many of the last runs a series is about.
    type: int
    default: 100
  calendar:
    description:
      - How many days there may be between two rehearsals, by type of drill.
      - A kind of run, such as V(failover), may stand in the place of a type.
    type: dict
    default: {}
  as_of:
    description: When a series is looked at, in seconds since the epoch. The default is now.
    type: float
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
- name: See what the last run did
  multiregion.aws_dr.run_report:
    workload: shop
    lock: shop
    table: aws-dr-state
    table_regions: [eu-west-1, eu-central-1]
  register: last

- name: See which rehearsal is due
  multiregion.aws_dr.run_report:
    kind: series
    workload: shop
    lock: shop
    calendar:
      failover_simulation: 7
      live: 90
    table: aws-dr-state
    table_regions: [eu-west-1, eu-central-1]
"""

RETURN = r"""
report:
  description: The report, by the schema of its O(kind) in C(docs/report).
  returned: success
  type: dict
  contains:
    schema:
      description: Which schema it keeps.
      type: str
    read_from:
      description: Where the record was read.
      type: str
    rto:
      description: The recovery time of a run, with its objective, the verdict and what it is known by.
      type: dict
    rpo:
      description: The loss of a run, likewise.
      type: dict
    phases:
      description: The phases of a run, each with its start, its end and its seconds.
      type: list
      elements: dict
    steps:
      description: Each attempt at a step, as the journal has it.
      type: list
      elements: dict
    calendar:
      description: Of a series, which rehearsal is due.
      type: list
      elements: dict
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

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    STATE_TABLES_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.report.run import run_report
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.report.series import series_report
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.run_record import (
    Where,
    read_history,
    read_recorded,
)


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Read the record and make a report of it. Raises ``DrError`` where there is none, or no answer."""
    where = Where(
        options["workload"], options["lock"], options["table"], tuple(options["table_regions"]), options["journal"]
    )
    if options["kind"] == "series":
        runs, read_from = read_history(where, options["last"], context)
        as_of = context.clock.wall() if options["as_of"] is None else options["as_of"]
        report = series_report(options["workload"], runs, _calendar(options), as_of, read_from).as_dict()
    else:
        recorded = read_recorded(where, options["run_id"], context)
        report = run_report(recorded.run, recorded.events, recorded.read_from).as_dict()
    return Result(changed=False, values={"report": report})


def _calendar(options: Mapping[str, Any]) -> dict[str, float]:
    try:
        days = {name: float(value) for name, value in options["calendar"].items()}
    except (TypeError, ValueError) as exc:
        raise _wrong(str(exc)) from exc
    if any(value <= 0 for value in days.values()):
        raise _wrong("a rehearsal can't be due every 0 days or less")
    return days


def _wrong(seen: str) -> DrError:
    return DrError("Reading the option calendar", seen, "Give each type of rehearsal its days, a number above 0.")


def main() -> None:
    run(
        execute,
        argument_spec={
            "kind": {"type": "str", "choices": ["run", "series"], "default": "run"},
            "workload": {"type": "str", "required": True},
            "run_id": {"type": "str", "default": ""},
            "lock": {"type": "str", "required": True},
            "journal": {"type": "path", "default": ""},
            **STATE_TABLES_SPEC,
            "last": {"type": "int", "default": 100},
            "calendar": {"type": "dict", "default": {}},
            "as_of": {"type": "float"},
            "timeout": timeout_spec(30),
        },
    )


if __name__ == "__main__":
    main()
