#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: database_canary_info
version_added: 0.1.0
short_description: Say what a failover really lost, by the canary
description:
  - Compares the acknowledgements that P(multiregion.aws_dr.database_canary#module) has logged with the rows that the
    new writer has. All of it is read through O(target); nothing is asked of the lost Region.
  - It is measured only if the same canary is seen to have gone on on the new writer, as then no acknowledgement can
    be missing from its log. A log that is missing, can't be read or ends before is V(unknown), and the task doesn't
    fail.
  - While a canary that lives has yet to reach the new writer, it is waited for, up to O(timeout).
options:
  workload:
    description: Name of the workload.
    type: str
    required: true
  database:
    required: true
  target:
    description: The Region that was promoted.
    type: str
    required: true
  table:
    description: Name of the state table, in which the log is kept.
    type: str
    required: true
  run_started:
    description:
      - When the failover began, in seconds since the epoch. What O(target) acknowledged before is of an earlier life
        as the writer.
      - With V(0) that is what it acknowledged before the old writer's last acknowledgement, which is wrong where two
        write at once.
    type: float
    default: 0.0
  promoted_at:
    description: When O(target) was proved the writer, in seconds since the epoch. The old writer's later
      acknowledgements are counted.
    type: float
    default: 0.0
  first_failure:
    description:
      - When the workload was first seen to fail, in seconds since the epoch. A canary that had no acknowledgement
        any more long before says nothing.
    type: float
    default: 0.0
  timeout:
    description: Seconds that all of it may take.
    type: float
    default: 15.0
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.database
  - multiregion.aws_dr.resolvers
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: What was lost
  multiregion.aws_dr.database_canary_info:
    workload: shop
    target: eu-west-1
    table: aws-dr-state
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
  register: lost
"""

RETURN = r"""
lost:
  description: What was lost.
  returned: success
  type: dict
  contains:
    known_as:
      description: V(measured) or V(unknown).
      type: str
    basis:
      description: What that is concluded from.
      type: str
    rows:
      description:
        - How many rows were acknowledged by the old writer and are not in the new one. With
          RV(lost.known_as=unknown) those that are known of. Null where nothing is.
      type: int
    considered:
      description: How many acknowledgements of the old writer were compared.
      type: int
    at_least:
      description: Seconds between the acknowledgements of the first and the last lost row.
      type: float
    at_most:
      description:
        - Seconds from the acknowledgement of the last row that survived to the first write that the old writer didn't
          acknowledge. Everybody's lost writes lie within. Null when unknown.
      type: float
    first:
      description: The first lost row's number, and when it was sent and acknowledged, in seconds since the epoch.
      type: dict
    last:
      description: The last lost row's.
      type: dict
    stale_rows:
      description: How many rows the old writer acknowledged after O(promoted_at). Null when that isn't given.
      type: int
    unacknowledged_rows:
      description: How many of the old writer's rows are there without having been acknowledged. Null when unknown.
      type: int
    holes:
      description: How many rows survived that were acknowledged after the first lost one.
      type: int
    old_writer:
      description: The old writer's last acknowledgement; C(at), C(region), C(server_id), C(session) and C(number).
      type: dict
    last_writer:
      description: The last acknowledgement of all.
      type: dict
    logged_at:
      description: When the log was last written.
      type: float
text:
  description: The same for people.
  returned: success
  type: str
calls:
  description: The changing AWS calls. Always empty.
  returned: success
  type: list
  elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    RESOLVERS_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database_canary import Asked
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.database_canary import text
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.canary_loss import Question, lost


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Read and compare. What can't be read is unknown."""
    question = Question(
        workload=options["workload"],
        database=Database.from_options(options["database"]),
        resolvers=tuple(options["resolvers"]),
        table=options["table"],
        asked=Asked(options["target"], options["run_started"], options["promoted_at"], options["first_failure"]),
    )
    found = lost(question, context)
    return Result(changed=False, values={"lost": found.as_dict(), "text": text(found)})


def main() -> None:
    when = {"type": "float", "default": 0.0}
    run(
        execute,
        argument_spec={
            "workload": {"type": "str", "required": True},
            "database": {**DATABASE_SPEC, "required": True},
            "target": {"type": "str", "required": True},
            "table": {"type": "str", "required": True},
            "run_started": when,
            "promoted_at": when,
            "first_failure": when,
            "resolvers": RESOLVERS_SPEC,
            "timeout": timeout_spec(15),
        },
    )


if __name__ == "__main__":
    main()
