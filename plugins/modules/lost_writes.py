#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: lost_writes
version_added: 0.1.0
short_description: Find the writes that a failover lost, and write them to a file
description:
  - Compares the lost primary's data, restored aside, with the live database, by key and time, and writes what was lost
    to a file of rows to review, and to an SQL script that replays the rows nothing written since stands against.
  - Both databases are read in sessions that can't write. Rows go to the file as they are found, and no table is held in
    memory. The files hold data, so only their owner can read them.
  - A row is a lost insert where only the old side has it and it was written after O(since), a lost change where the
    live row is older than O(since) and the old one is not, and a conflict where both sides wrote it since. Conflicts
    are only listed. A live row that is older than O(since) and that the old side lacks may be a lost delete.
  - A table without a column that holds a time is compared, and its rows are listed as V(untold). So are the rows of a
    table without a key.
  - Where every table could be compared, the failover's record gets the measured loss. The first such count stands.
options:
  workload:
    description: The workload's name, and that of the files.
    type: str
    required: true
  database:
    description: The live database. Its secret's user reads both sides.
    required: true
  live_region:
    description: The Region whose database is the writer.
    type: str
    required: true
  old:
    description: Where the lost primary's data can be read.
    type: dict
    required: true
    suboptions:
      region:
        description: The Region that it is in, and whose replica of the secret is used.
        type: str
        required: true
      cluster_id:
        description: Identifier of a cluster that was restored from the lost primary's snapshot.
        type: str
      endpoint:
        description: Instead, the name or address of a server that has the data.
        type: str
      port:
        description: The port of O(old.endpoint).
        type: int
        default: 5432
  tables:
    description: The tables to compare, as patterns of C(schema.table). Empty means all.
    type: list
    elements: str
    default: []
  exclude_tables:
    description: Tables to leave out.
    type: list
    elements: str
    default: []
  time_columns:
    description:
      - By C(schema.table), the column that says when a row was written last.
      - Else a timestamp column of a usual name is taken, C(updated_at) and C(created_at) for example, or the only one.
    type: dict
    default: {}
  since:
    description:
      - The moment, in seconds since the epoch, up to which everything had been replicated.
      - Default is the failover's first failure, less what its ledger bounds.
      - Where that tells no bound, it is a guess, RV(since_known) is false, and the count is not complete.
      - The guess is when the newest row was written that the live database had before the failover, less a minute, by
        tables with a timestamp of a usual name, or one of O(time_columns); else a minute before the failover.
    type: float
  run_id:
    description:
      - The failover. Default is the workload's last unplanned one.
      - Others that lost the same primary, as one that was aborted and the one that ended it, are counted with it.
    type: str
  table:
    description:
      - Name of the state table with the failover's record.
      - Left out, O(since) is needed and nothing is recorded.
    type: str
  table_regions:
    description: The Regions in which the state table is reached, the first that answers.
    type: list
    elements: str
    default: []
  directory:
    description: Where the files are written. It is made for its owner alone.
    type: path
    required: true
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 1800.0
attributes:
  check_mode:
    description: Compares, and writes neither files nor record.
    support: full
  diff_mode:
    description: The difference would be data.
    support: none
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
- name: Find what the last failover lost
  multiregion.aws_dr.lost_writes:
    workload: shop
    live_region: eu-west-1
    old:
      region: eu-central-1
      cluster_id: shop-lost
    database:
      global_cluster_id: shop
      name: shop
      secret_id: shop/db
    table: aws-dr-state
    table_regions: [eu-west-1, eu-central-1]
    directory: ~/.aws_dr/lost
  register: lost
"""

RETURN = r"""
lost:
  description: What was found in all.
  returned: success
  type: dict
  contains:
    rows:
      description: Acknowledged writes that the live database lacks, conflicts included.
      type: int
    seconds:
      description: From the oldest of them to the newest. Null where that is not known.
      type: float
    oldest:
      description: When the oldest was written, in seconds since the epoch.
      type: float
    newest:
      description: When the newest was written.
      type: float
    complete:
      description: Whether every table was compared, and every row's fate told.
      type: bool
    known_as:
      description: V(measured), or V(bounded) where it is not complete.
      type: str
    fates:
      description:
        - Rows by fate, C(lost_insert), C(lost_update), C(conflict), C(lost_delete), C(untold), and C(lived_on) for
          those that the live database changed as it should.
      type: dict
tables:
  description: The same by table, with the C(time_column) that was used, and a C(note) where it was not compared.
  returned: success
  type: list
  elements: dict
since:
  description: The moment up to which everything had been replicated, in seconds since the epoch.
  returned: success
  type: float
since_known:
  description: Whether RV(since) is known; where it is a guess, writes that were lost before it aren't in the count.
  returned: success
  type: bool
run_id:
  description: The failover. Null without a state table.
  returned: success
  type: str
recorded:
  description: Whether its record was given what was counted, or that of another that lost the same primary.
  returned: success
  type: bool
files:
  description: The paths of C(review) and C(script). Empty in check mode.
  returned: success
  type: dict
lines:
  description: All of it, as a person reads it.
  returned: success
  type: list
  elements: str
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import (
    DATABASE_SPEC,
    RESOLVERS_SPEC,
    timeout_spec,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_since import (
    Since,
    earliest,
    of_record,
    refusals,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_writes import lines, measured
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lost_files import LostFiles
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lost_record import (
    failovers_of,
    record,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.lost_writes import Old, Request, find
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.stores import answering_table


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Compare, write the files, record the count. Raises ``Refused`` and ``DrError``."""
    store, failovers = _failovers(options, context)
    request = _request(options, _since(options, failovers, context))
    files = LostFiles(options["directory"], f"{options['workload']}-lost-writes")
    with nullcontext(None) if context.check_mode else files.writing() as writer:
        compared = find(request, writer.add if writer else lambda _row: None, context)
    since, counts = compared.since, compared.tables
    found = measured(counts, since)
    recorded = []
    if store and not context.check_mode:
        recorded = [record(each, found, since, store, context) for each in failovers]
    written = {} if context.check_mode else files.as_dict()
    values = {
        "lost": found,
        "tables": [each.as_dict() for each in counts],
        "since": since.at,
        "since_known": since.known,
        "run_id": failovers[0].id if failovers else None,
        "recorded": any(recorded),
        "files": written,
        "lines": lines(options["workload"], counts, found, written, since),
    }
    return Result(changed=files.changed, values=values)


def _failovers(options: Mapping[str, Any], context: Context) -> tuple[Store | None, tuple[RunRecord, ...]]:
    if not options["table"]:
        return None, ()
    _region, store = answering_table(options["table"], options["table_regions"], options["workload"], context)
    return store, failovers_of(options["workload"], options["run_id"] or "", store)


def _since(options: Mapping[str, Any], failovers: Sequence[RunRecord], context: Context) -> Since:
    """The first of them may have promoted, and been cut short: from then on writes were lost."""
    if options["since"] is not None:
        given, known = float(options["since"]), [of_record(each) for each in failovers]
        refused = refusals(given, known, context.clock.wall())
        if refused:
            raise Refused(refused)
        return Since(given, "as given")
    if not failovers:
        what = "Neither since nor the state table with the failover's record is given."
        raise Refused((refusal("since_unknown", what, "Give since, or table and table_regions."),))
    return earliest([of_record(each) for each in failovers])


def _request(options: Mapping[str, Any], since: Since) -> Request:
    old = options["old"]
    return Request(
        database=Database.from_options(options["database"]),
        live_region=options["live_region"],
        old=Old(old["region"], old["cluster_id"] or "", old["endpoint"] or "", old["port"]),
        include=options["tables"],
        exclude=options["exclude_tables"],
        time_columns=options["time_columns"],
        since=since,
        resolvers=options["resolvers"],
    )


OLD_SPEC: dict[str, Any] = {
    "type": "dict",
    "required": True,
    "options": {
        "region": {"type": "str", "required": True},
        "cluster_id": {"type": "str"},
        "endpoint": {"type": "str"},
        "port": {"type": "int", "default": 5432},
    },
    "required_one_of": [("cluster_id", "endpoint")],
    "mutually_exclusive": [("cluster_id", "endpoint")],
}
TEXTS: dict[str, Any] = {"type": "list", "elements": "str", "default": []}


def main() -> None:
    run(
        execute,
        argument_spec={
            "workload": {"type": "str", "required": True},
            "database": {**DATABASE_SPEC, "required": True},
            "live_region": {"type": "str", "required": True},
            "old": OLD_SPEC,
            "tables": TEXTS,
            "exclude_tables": TEXTS,
            "time_columns": {"type": "dict", "default": {}},
            "since": {"type": "float"},
            "run_id": {"type": "str"},
            "table": {"type": "str"},
            "table_regions": TEXTS,
            "directory": {"type": "path", "required": True},
            "resolvers": RESOLVERS_SPEC,
            "timeout": timeout_spec(1800),
        },
    )


if __name__ == "__main__":
    main()
