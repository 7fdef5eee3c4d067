# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The canary's log in the state table: an item a segment, sorted by when the segment began.

A write to that table is acknowledged once a second Region has it, whichever Region's endpoint took it.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database_canary import Segment

SORT = 15  # digits of milliseconds


def sort_key(segment: Segment, began_at: float) -> str:
    """By when it began; two canaries at once have keys of their own."""
    return f"{int(began_at * 1000):0{SORT}d}#{segment.session}#{segment.index:06d}"


class CanaryLog(TableStore):
    """The log behind one Region's endpoint. Raises ``DrError`` where that gives no answer."""

    def write(self, workload: str, sk: str, segment: Segment) -> None:
        item = transform.canary_item(workload, sk, segment)
        self._do("PutItem", lambda client: api.put_item(client, self._table, item, {}))

    def read(self, workload: str) -> tuple[Segment, ...]:
        """Oldest first."""
        return tuple(map(transform.canary_segment, self._items(workload)))

    def keys(self, workload: str) -> list[str]:
        """The sort keys of what is there, oldest first."""
        return [str(item["sk"]["S"]) for item in self._items(workload)]

    def remove(self, workload: str, sk: str) -> None:
        where = transform.key(transform.canary_partition(workload), sk)
        self._do("DeleteItem", lambda client: api.delete_item(client, self._table, where))

    def _items(self, workload: str) -> list[dict[str, Any]]:
        partition = transform.canary_partition(workload)
        return self._do("Query", lambda client: api.query(client, self._table, partition, ""))
