# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replaying lost writes, a row at a time: what is there already is left, what was written meanwhile is a conflict."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import DatabaseTarget
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.lost_writes import REPLAYABLE
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.lost_writes import literal, statement
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.table_sql import SETTINGS, quoted
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.dns import resolve
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import MISSING, as_error, connect, tried

with contextlib.suppress(ImportError):  # MISSING says so
    import psycopg

AT_ONCE = 500  # rows that are committed together
SHOWN = 20
WRITES = {name: value for name, value in SETTINGS.items() if name != "default_transaction_read_only"}
REPLAYED = tuple(fate.value for fate in REPLAYABLE)


@dataclass
class Replayed:
    """How many rows were written, were there already, or were refused; and what of the file isn't replayed at all."""

    applied: int = 0
    already: int = 0
    left: int = 0
    conflicts: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "applied": self.applied,
            "already": self.already,
            "conflicts": len(self.conflicts),
            "conflicting": self.conflicts[:SHOWN],
            "left_for_review": self.left,
        }


def replay(
    rows: Iterable[Mapping[str, Any]],
    target: DatabaseTarget,
    resolvers: Sequence[str],
    clock: Clock,
    deadline: Deadline,
    check_mode: bool,
) -> Replayed:
    """Write the replayable ones to ``target``. In check mode each lot is rolled back. Raises ``DrError``."""
    if MISSING:
        raise DrError(tried(target), MISSING, "Install the Python package psycopg (3) where this task runs.")
    done = Replayed()
    timeout = max(0.05, deadline.remaining(clock))
    address = resolve(target.endpoint, resolvers, min(timeout, 10.0), clock).addresses[0]
    try:
        with contextlib.closing(connect(target, address, timeout, WRITES)) as connection:
            for lot in _lots(rows, done):
                with connection.transaction(force_rollback=check_mode):
                    for row in lot:
                        _one(row, connection, done)
    except psycopg.Error as exc:
        raise as_error(exc, f"Replaying lost writes at {target.endpoint} ({address})") from exc
    return done


def _lots(rows: Iterable[Mapping[str, Any]], done: Replayed) -> Iterable[list[Mapping[str, Any]]]:
    lot: list[Mapping[str, Any]] = []
    for row in rows:
        if row["fate"] not in REPLAYED:
            done.left += 1
            continue
        lot.append(row)
        if len(lot) >= AT_ONCE:
            yield lot
            lot = []
    if lot:
        yield lot


def _one(row: Mapping[str, Any], connection: Any, done: Replayed) -> None:
    why = "it was written meanwhile"
    try:
        with connection.transaction():  # a savepoint: what one row breaks costs no other
            if connection.execute(statement(row).encode()).rowcount == 1:
                done.applied += 1
                return
    except psycopg.IntegrityError as exc:
        why = " ".join(str(exc).split())
    if connection.execute(_is_there(row).encode()).fetchone():
        done.already += 1
    else:
        done.conflicts.append({"table": row["table"], "key": dict(row["key"]), "why": why})


def _is_there(row: Mapping[str, Any]) -> str:
    """Whether the live database has the row just as the old one had it."""
    schema, _dot, name = row["table"].partition(".")
    same = " AND ".join(
        f"t.{quoted(column)} IS NULL" if value is None else f"t.{quoted(column)}::text = {literal(value)}"
        for column, value in {**row["old"]["values"], **row["key"]}.items()
    )
    return f"SELECT 1 FROM {quoted(schema)}.{quoted(name)} AS t WHERE {same}"


Progress = Callable[[str], None]
