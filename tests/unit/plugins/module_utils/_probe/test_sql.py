# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The statements of a proof and what their errors mean; no server, a connection that answers from a list."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg import errors

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import (
    Credentials,
    Database,
    DatabaseTarget,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe import sql

PASSWORD = "correct horse"
TARGET = DatabaseTarget(
    region="eu-west-1",
    database=Database("shop", "shop", "shop/db", "verify-full", "/etc/ca.pem"),
    cluster_id="shop-eu-west-1",
    endpoint="127.0.0.1",
    port=1,
    instances=("shop-eu-west-1-1",),
    credentials=Credentials("app", PASSWORD),
)
AURORA = ("shop-eu-west-1-1", False, "off")


class Connection:
    """Gives one of ``answers`` a statement, a row or an error, and keeps what was ``said``."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.said: list[tuple[str, tuple[str, ...]]] = []
        self.options: dict[str, Any] = {}

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_exc: object) -> None:
        """Closing has no part in what is tested."""

    def execute(self, statement: str, parameters: tuple[str, ...]) -> Any:
        self.said.append((statement, parameters))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(fetchone=lambda: answer)


def prove(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Any:
    def connect(**options: Any) -> Connection:
        connection.options = options
        return connection

    monkeypatch.setattr(psycopg, "connect", connect)
    return sql.prove_writer(TARGET, (), 2.0, SystemClock())


def test_proof_is_one_statement_that_writes_and_says_who_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection(AURORA)
    proof = prove(connection, monkeypatch)
    assert (proof.server_id, proof.server_id_source, proof.address) == (
        "shop-eu-west-1-1",
        "aurora_server_id",
        "127.0.0.1",
    )
    [(statement, parameters)] = connection.said
    assert statement.startswith("INSERT INTO aws_dr_writer_proof") and "pg_is_in_recovery()" in statement
    assert parameters == ("shop", proof.nonce)


def test_connection_goes_to_the_address_and_is_secured_for_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection(AURORA)
    prove(connection, monkeypatch)
    wanted = {"host": "127.0.0.1", "hostaddr": "127.0.0.1", "sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
    assert wanted.items() <= connection.options.items()
    assert "statement_timeout=2000" in connection.options["options"]
    assert connection.options["autocommit"] is True


def test_every_proof_has_a_nonce_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len({prove(Connection(AURORA), monkeypatch).nonce for _each in range(5)}) == 5


def test_missing_table_is_made_and_the_write_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection(errors.UndefinedTable(), None, AURORA)
    assert prove(connection, monkeypatch).server_id == "shop-eu-west-1-1"
    assert connection.said[1][0].startswith("CREATE TABLE IF NOT EXISTS aws_dr_writer_proof")


def test_table_made_by_another_run_meanwhile_is_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection(errors.UndefinedTable(), errors.UniqueViolation(), AURORA)
    assert prove(connection, monkeypatch).server_id == "shop-eu-west-1-1"


def test_server_without_auroras_functions_is_known_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection(errors.UndefinedFunction(), errors.UndefinedTable(), None, ("192.0.2.1", False, "off"))
    proof = prove(connection, monkeypatch)
    assert (proof.server_id, proof.server_id_source) == ("192.0.2.1", "address")


def test_table_that_never_stays_is_an_error_and_no_endless_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection(*[errors.UndefinedTable(), None] * 3)
    with pytest.raises(DrError, match="vanished"):
        prove(connection, monkeypatch)


@pytest.mark.parametrize("row", [("a", True, "off"), ("a", False, "on")])
def test_row_written_in_recovery_is_no_proof(row: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(sql.NotWriter):
        prove(Connection(row), monkeypatch)


@pytest.mark.parametrize(
    ("error", "kind", "remedy"),
    [
        (errors.ReadOnlySqlTransaction("cannot execute INSERT"), sql.NotWriter, "wait for the promotion"),
        (errors.CannotConnectNow("the database system is starting up"), sql.Unreachable, "status"),
        (errors.QueryCanceled("canceling statement due to statement timeout"), sql.Unreachable, "status"),
        (psycopg.OperationalError("connection refused"), sql.Unreachable, "security group"),
        (
            psycopg.OperationalError('FATAL: password authentication failed for user "app"'),
            DrError,
            "username and password",
        ),
        (psycopg.OperationalError('FATAL: database "shop" does not exist'), DrError, "database.name"),
        (psycopg.OperationalError("server does not support SSL, but SSL was required"), DrError, "sslmode"),
        (errors.InsufficientPrivilege("permission denied for schema public"), DrError, "GRANT SELECT, INSERT, UPDATE"),
        (errors.InvalidCatalogName('database "shop" does not exist'), DrError, "database.name"),
        (errors.DiskFull("no space left"), sql.Unreachable, "status"),
        (errors.NotNullViolation("null value"), DrError, "by hand"),
    ],
)
def test_errors_say_what_to_do_and_whether_waiting_helps(
    error: Exception, kind: type[DrError], remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DrError, match=remedy) as raised:
        prove(Connection(error), monkeypatch)
    assert raised.type is kind


def test_read_only_look_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection(("shop-eu-west-1-1", True, "on"))
    monkeypatch.setattr(psycopg, "connect", lambda **_options: connection)
    state = sql.read_state(TARGET, (), 2.0, SystemClock())
    assert (state.server_id, state.writable) == ("shop-eu-west-1-1", False)
    assert [statement.split()[0] for statement, _parameters in connection.said] == ["SELECT"]


def test_refused_connection_names_the_endpoint_and_no_password() -> None:
    with pytest.raises(sql.Unreachable, match=r"Asking the database at 127.0.0.1:1") as raised:
        sql.prove_writer(TARGET, (), 2.0, SystemClock())
    assert PASSWORD not in f"{raised.value} {raised.value!r} {raised.value.__cause__} {TARGET}"
