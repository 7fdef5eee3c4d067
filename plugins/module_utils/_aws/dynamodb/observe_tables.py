# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of a table: all its Regions in parallel, under a deadline, again after a passing fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb import tables
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.table_records import Seen, observed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import aws_error, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.state_table import Observed


def read_state_table(name: str, regions: Sequence[str], context: Context) -> Observed:
    """The table as each of the Regions shows it. Raises ``DrError`` where one of them doesn't answer."""

    def reader(region: str) -> Callable[[], Seen | None]:
        return lambda: again(
            lambda: _see(context.clients.get("dynamodb", region), name), context.clock, context.deadline
        )

    outcomes = gather({region: reader(region) for region in regions}, context.deadline, context.clock)
    for region, outcome in outcomes.items():
        if outcome.error is None:
            continue
        if not isinstance(outcome.error, CALL_ERRORS):
            raise outcome.error
        raise aws_error(outcome.error, f"Reading the table {name} in {region} (dynamodb:DescribeTable and others)")
    return observed(name, regions, {region: outcome.value for region, outcome in outcomes.items()})


def _see(client: Any, name: str) -> Seen | None:
    try:
        description = tables.describe_table(client, name)
        if description["TableStatus"] in ("CREATING", "DELETING"):
            return Seen(description)  # it has nothing else to say yet, or any more
        return Seen(
            description,
            tags=tables.list_tags(client, description["TableArn"]),
            recovery=tables.describe_recovery(client, name),
            time_to_live=tables.describe_time_to_live(client, name),
            holds_items=tables.has_items(client, name),
        )
    except CALL_ERRORS as exc:
        if error_code(exc) in tables.NO_SUCH_TABLE:
            return None
        raise
