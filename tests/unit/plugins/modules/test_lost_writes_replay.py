# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The replay on a connection that answers from a list: what is written, left, refused, and rolled back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import (
    Credentials,
    Database,
    DatabaseTarget,
    WriterProof,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.modules import lost_writes_replay

TARGET = DatabaseTarget(
    "eu-west-1", Database("shop", "shop", "shop/db"), "c", "127.0.0.1", 1, (), Credentials("app", "pw")
)
DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db"}
TAKEN = psycopg.errors.ForeignKeyViolation("no such parent")


def row(fate: str, key: str) -> str:
    side = {"at": 1.0, "hash": "1", "values": {"id": key, "body": "x"}}
    return json.dumps({"table": "public.t", "fate": fate, "key": {"id": key}, "old": side, "live": side})


class Connection:
    """``taken`` are the ids that a write doesn't get through for, ``there`` those that are as they should be."""

    def __init__(self) -> None:
        self.taken: dict[str, Exception | None] = {}
        self.there: set[str] = set()
        self.rolled_back: list[bool] = []
        self.written: list[str] = []
        self.broken: Exception | None = None

    def close(self) -> None:
        """Nothing to close."""

    @contextmanager
    def transaction(self, force_rollback: bool = False) -> Iterator[None]:
        self.rolled_back.append(force_rollback)
        yield

    def execute(self, statement: bytes) -> Any:
        text = statement.decode()
        if self.broken:
            raise self.broken
        key = next((each for each in ("1", "2", "3") if f"'{each}'" in text), "")
        if text.startswith("SELECT 1"):
            return SimpleNamespace(fetchone=lambda: (1,) if key in self.there else None)
        if key in self.taken:
            error = self.taken[key]
            if error:
                raise error
            return SimpleNamespace(rowcount=0)
        self.written.append(key)
        return SimpleNamespace(rowcount=1)


class Gate:
    """Lets through unless ``closed``."""

    closed = False
    proved = 0

    def __init__(self, *_any: Any) -> None:
        self.proof: WriterProof | None = None

    def prove(self) -> None:
        if Gate.closed:
            raise Refused((refusal("writer_not_proved", "It isn't.", "Promote it."),))
        Gate.proved += 1
        self.proof = WriterProof("eu-west-1", "s", "address", "e", "a", "n", 0.1, 1.0)

    def look(self) -> Any:
        return (refusal("writer_not_proved", "It isn't.", "Promote it."),) if Gate.closed else ()


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Connection:
    made = Connection()
    Gate.closed, Gate.proved = False, 0
    monkeypatch.setattr(psycopg, "connect", lambda **_options: made)
    monkeypatch.setattr(lost_writes_replay, "prepare", lambda *_any: TARGET)
    monkeypatch.setattr(lost_writes_replay, "WriterGate", Gate)
    return made


def replay(path: Path, *rows: str, accept: bool = True, check_mode: bool = False) -> Result:
    file = path / "rows.jsonl"
    file.write_text("\n".join(rows))
    options = {
        "review": str(file),
        "accept_replay": accept,
        "region": "eu-west-1",
        "database": DATABASE,
        "resolvers": [],
        "run": None,
    }
    clock = SystemClock()
    context = Context(check_mode, False, clock, Deadline.after(clock, 5), None, silent, silent)  # type: ignore[arg-type]
    return lost_writes_replay.execute(options, context)


def test_what_can_be_replayed_is_and_the_rest_is_left(connection: Connection, tmp_path: Path) -> None:
    result = replay(
        tmp_path, row("lost_insert", "1"), row("lost_update", "2"), row("conflict", "3"), row("untold", "3")
    )
    assert result.changed and connection.written == ["1", "2"] and Gate.proved == 1
    assert result.values["replayed"] == {
        "applied": 2,
        "already": 0,
        "conflicts": 0,
        "conflicting": [],
        "left_for_review": 2,
    }


def test_what_is_there_already_is_no_change(connection: Connection, tmp_path: Path) -> None:
    connection.taken, connection.there = {"1": None}, {"1"}
    result = replay(tmp_path, row("lost_insert", "1"))
    assert (result.changed, result.values["replayed"]["already"]) == (False, 1)


@pytest.mark.parametrize("error", [None, TAKEN])
def test_what_something_stands_against_is_a_conflict_and_stops_nothing(
    connection: Connection, tmp_path: Path, error: Exception | None
) -> None:
    connection.taken = {"1": error}
    result = replay(tmp_path, row("lost_insert", "1"), row("lost_insert", "2"))
    assert connection.written == ["2"]
    [conflict] = result.values["replayed"]["conflicting"]
    assert conflict["key"] == {"id": "1"} and ("no such parent" if error else "meanwhile") in conflict["why"]


def test_check_mode_tries_it_and_rolls_back(connection: Connection, tmp_path: Path) -> None:
    result = replay(tmp_path, row("lost_insert", "1"), accept=False, check_mode=True)
    assert result.changed and connection.rolled_back[0] is True
    assert result.values["writer"] is None and Gate.proved == 0


def test_without_the_flag_nothing_is_written(connection: Connection, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="replay_not_accepted"):
        replay(tmp_path, row("lost_insert", "1"), accept=False)
    assert connection.written == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_only_the_proved_writer_is_written_to(connection: Connection, tmp_path: Path, check_mode: bool) -> None:
    Gate.closed = True
    with pytest.raises(Refused, match="writer_not_proved"):
        replay(tmp_path, row("lost_insert", "1"), check_mode=check_mode)
    assert connection.written == []


def test_a_connection_that_breaks_is_an_error(connection: Connection, tmp_path: Path) -> None:
    connection.broken = psycopg.OperationalError("gone")
    with pytest.raises(DrError, match="Replaying lost writes"):
        replay(tmp_path, row("lost_insert", "1"))


def test_a_file_that_is_none_of_ours_is_an_error(connection: Connection, tmp_path: Path) -> None:
    with pytest.raises(DrError, match="Give the file that lost_writes wrote"):
        replay(tmp_path, "not json")
