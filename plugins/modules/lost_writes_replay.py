#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: lost_writes_replay
version_added: 0.1.0
short_description: Replay the writes that a failover lost, where nothing stands against it
description:
  - Writes the rows of a file that P(multiregion.aws_dr.lost_writes#module) wrote, and that a person has reviewed, to
    the live database. Take out of the file what is not to be replayed.
  - A lost insert is written where its key is still free, a lost change where the live row is still as it was compared.
    What is there already is left. Anything else is a conflict, which is returned and never overwritten.
  - Conflicts, lost deletes and untold rows of the file are not replayed.
  - The Region is proved to be the writer first.
options:
  review:
    description: The file of reviewed rows.
    type: path
    required: true
  accept_replay:
    description: That the rows were reviewed, and are to be written to the live database. It refuses without.
    type: bool
    default: false
  region:
    description: The Region whose database is the writer.
    type: str
    required: true
  database:
    description: The live database.
    required: true
  timeout:
    description: Seconds after which the task fails. What was committed stays, and the task run again goes on.
    type: float
    default: 1800.0
attributes:
  check_mode:
    description: Tries everything, and rolls it back.
    support: full
  diff_mode:
    description: The difference would be data.
    support: none
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - multiregion.aws_dr.database
  - multiregion.aws_dr.resolvers
  - multiregion.aws_dr.run
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Replay what was reviewed
  multiregion.aws_dr.lost_writes_replay:
    review: ~/.aws_dr/lost/shop-lost-writes.jsonl
    accept_replay: true
    region: eu-west-1
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
"""

RETURN = r"""
replayed:
  description: What became of the rows.
  returned: success
  type: dict
  contains:
    applied:
      description: Rows that were written. In check mode, that would be.
      type: int
    already:
      description: Rows that were there as they are in the file.
      type: int
    conflicts:
      description: Rows that something else stands against.
      type: int
    conflicting:
      description: The first of those, each with C(table), C(key) and C(why).
      type: list
      elements: dict
    left_for_review:
      description: Rows of the file that are never replayed.
      type: int
writer:
  description: The proof that the Region's database is the writer. Null in check mode, which writes none.
  returned: success
  type: dict
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    RESOLVERS_SPEC,
    RUN_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.writer import prepare
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import guarded
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lost_files import read
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lost_replay import replay
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.writer_gate import WriterGate

STEP = "replay_lost_writes"


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Prove the writer, and replay. Raises ``Refused`` without the flag, ``DrError`` where that fails."""
    if not options["accept_replay"] and not context.check_mode:
        what = f"Writing the rows of {options['review']} to the live database was not accepted."
        raise Refused((refusal("replay_not_accepted", what, "Review the file, then give accept_replay=true."),))
    guard = guarded(options["run"], context)
    gate = WriterGate(options["database"], options["region"], options["resolvers"], guard.context)
    if context.check_mode:
        findings = gate.look()
        if findings:
            raise Refused(findings)
        return _result(_replayed(options, context, check_mode=True), None)
    with guard.step(STEP) as step:
        gate.prove()
        done = _replayed(options, guard.context, check_mode=False)
        step.saw(**{name: done[name] for name in ("applied", "already", "conflicts", "left_for_review")})
    return _result(done, gate.proof.as_dict() if gate.proof else None)


def _replayed(options: Mapping[str, Any], context: Context, *, check_mode: bool) -> dict[str, Any]:
    database, clock, deadline = Database.from_options(options["database"]), context.clock, context.deadline
    target = prepare(context.clients, database, options["region"], clock, deadline)
    rows = read(Path(options["review"]))
    return replay(rows, target, options["resolvers"], clock, deadline, check_mode).as_dict()


def _result(done: Mapping[str, Any], writer: Mapping[str, Any] | None) -> Result:
    return Result(changed=bool(done["applied"]), values={"replayed": dict(done), "writer": writer})


def main() -> None:
    run(
        execute,
        argument_spec={
            "review": {"type": "path", "required": True},
            "accept_replay": {"type": "bool", "default": False},
            "region": {"type": "str", "required": True, "aliases": ["aws_region"]},
            "database": {**DATABASE_SPEC, "required": True},
            "resolvers": RESOLVERS_SPEC,
            "run": RUN_SPEC,
            "timeout": timeout_spec(1800),
        },
    )


if __name__ == "__main__":
    main()
