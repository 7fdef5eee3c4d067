# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison of both databases: fast, exact to a row among a million, flat in memory, calm under load.

What is measured is a run of data_consistency_info in a process of its own, without that process's start.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from stage import HERE, Stage

from lab.data.postgres import conninfo
from lab.settings import DATABASE, DATABASE_USER, HOME, REGIONS, STANDBY, Instance, client_environment

CONTROL = "settle"
MILLION = 1_000_000
TIMES = 2.0  # the bare SQL's time
FLAT = 1.1  # times the memory for 0.1 M rows
REPEATS = 3
PROMOTE = f"""
import boto3
arn = "arn:aws:rds:{STANDBY}:123456789012:cluster:shop-{STANDBY}"
rds = boto3.client("rds", "{STANDBY}")
rds.failover_global_cluster(GlobalClusterIdentifier="shop", TargetDbClusterIdentifier=arn, AllowDataLoss=True)
"""
DIGEST = "SELECT count(*), bit_xor(hash_record_extended(t, 0)), sum(hash_record_extended(t, 0)) FROM many t"
BUCKETS = (
    "SELECT k & 255, count(*), bit_xor(h), sum(h) FROM (SELECT hash_record_extended(ROW(t.id), 0) k,"
    " hash_record_extended(t, 0) h FROM many t) s GROUP BY 1"
)
KEYS = (
    "SELECT id, hash_record_extended(t, 0) FROM many t WHERE hash_record_extended(ROW(t.id), 0) & 255 = 7 ORDER BY id"
)


@dataclass(frozen=True)
class Case:
    """What is tried; ``delay`` is the WAN's, in seconds."""

    kind: str
    delay: float = 0.05

    def __str__(self) -> str:
        return f"{self.kind}, WAN {self.delay * 1000:.0f} ms" if self.kind == "under load" else self.kind


class Consistency:
    """The cases under load come last: those are what the control breaks."""

    def cases(self, _stage: Stage) -> Sequence[Case]:
        fixed = [Case("1 M rows, the same"), Case("one row changed among 1 M"), Case("memory from 0.1 M to 5 M rows")]
        return [*fixed, *(Case("under load", delay) for delay in (0.0, 0.05, 0.1, 0.2, 0.3, 0.5))]

    def try_case(self, stage: Stage, case: Case) -> list[str]:
        stage.lab("reset")
        tries: dict[str, Callable[[], list[str]]] = {
            "1 M rows, the same": lambda: _same(stage),
            "one row changed among 1 M": lambda: _changed(stage),
            "memory from 0.1 M to 5 M rows": lambda: _memory(stage),
            "under load": lambda: _under_load(stage, case.delay),
        }
        return tries[case.kind]()


def _same(stage: Stage) -> list[str]:
    fill(stage.instance, MILLION)
    ours = [compare(stage) for _repeat in range(REPEATS)]
    bare = [bare_sql(stage.instance, (DIGEST,)) for _repeat in range(REPEATS)]
    wrongs = _slow("the same", [each["seconds"] for each in ours], bare)
    return wrongs + [f"status {each['layer']['status']}" for each in ours if each["layer"]["status"] != "same"]


def _changed(stage: Stage) -> list[str]:
    fill(stage.instance, MILLION)
    changed = _change_one(stage, MILLION)
    ours = [compare(stage) for _repeat in range(REPEATS)]
    bare = [bare_sql(stage.instance, (DIGEST, BUCKETS, KEYS)) for _repeat in range(REPEATS)]
    wrongs = _slow("one changed", [each["seconds"] for each in ours], bare)
    return wrongs + [wrong for each in ours for wrong in _not_named(each, changed)]


def _memory(stage: Stage) -> list[str]:
    wrongs, peaks = [], []
    for rows in (MILLION // 10, 5 * MILLION):
        stage.lab("reset")
        fill(stage.instance, rows)
        changed = _change_one(stage, rows)
        found = compare(stage)
        wrongs += _not_named(found, changed)
        peaks.append(found["peak_kb"])
        print(f"    {rows} rows: {found['peak_kb'] / 1024:.0f} MB, {found['seconds']:.2f} s", flush=True)
    return wrongs + ([f"memory grew from {peaks[0]} to {peaks[1]} kB"] if peaks[1] > FLAT * peaks[0] else [])


def _under_load(stage: Stage, delay: float) -> list[str]:
    fill(stage.instance, 1000)
    stage.lab("fault", "wan", "--delay", str(delay))
    stage.lab("load", "start", "--rate", "100")
    try:
        time.sleep(2.0)
        found = compare(stage, "*")
    finally:
        stage.lab("load", "stop")
    status, rows = found["layer"]["status"], sum(line["counts"][0] or 0 for line in found["layer"]["lines"])
    wrongs = [] if rows > 1000 else [f"only {rows} rows were there: the load wrote none"]
    return wrongs + ([] if status == "same" else [f"status {status}: {found['layer']['lines']}"[:300]])


def fill(instance: Instance, rows: int) -> None:
    """A table of so many rows at home, and wait until the standby has it."""
    with psycopg.connect(conninfo(instance.address(HOME), DATABASE), autocommit=True) as home:
        home.execute("CREATE TABLE many (id bigint PRIMARY KEY, body text, price numeric, at timestamptz)")
        home.execute(f"GRANT SELECT, UPDATE ON many TO {DATABASE_USER}".encode())
        for first in range(0, rows, MILLION):
            values = "n, md5(n::text), n * 1.5, timestamptz '2026-01-01' + n * interval '1 s'"
            last = min(first + MILLION, rows)
            home.execute(f"INSERT INTO many SELECT {values} FROM generate_series({first + 1}, {last}) n".encode())
        home.execute("VACUUM ANALYZE many")
        position = home.execute("SELECT pg_current_wal_lsn()::text").fetchone()
    with psycopg.connect(conninfo(instance.address(STANDBY), DATABASE), autocommit=True) as standby:
        until = time.monotonic() + 120
        while standby.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", position).fetchone() != (True,):
            if time.monotonic() > until:
                raise SystemExit("the standby didn't get the rows")
            time.sleep(0.1)


def _change_one(stage: Stage, rows: int) -> int:
    """Part the Regions, make both writers, and change a row in the standby."""
    stage.lab("fault", "partition")
    stage.lab("exec", "--", sys.executable, "-c", PROMOTE)
    chosen = random.randrange(1, rows + 1)
    until = time.monotonic() + 60
    while True:
        with psycopg.connect(conninfo(stage.instance.address(STANDBY), DATABASE), autocommit=True) as standby:
            if standby.execute("SELECT pg_is_in_recovery()").fetchone() == (False,):
                standby.execute("UPDATE many SET price = -1 WHERE id = %s", (chosen,))
                return chosen
        if time.monotonic() > until:
            raise SystemExit("the standby wasn't promoted")
        time.sleep(0.2)


def _not_named(found: dict[str, Any], changed: int) -> list[str]:
    keys = [each["key"] for line in found["layer"]["lines"] for each in line["details"]["keys"]]
    return [] if keys == [{"id": str(changed)}] else [f"row {changed} was changed, and {keys} named"]


def compare(stage: Stage, tables: str = "public.many") -> dict[str, Any]:
    """One comparison, in a process of its own."""
    script = [str(HERE / "comparing.py"), f"{stage.instance.dns_address}:25353", tables]
    program = [sys.executable, *([str(HERE / "sabotage.py"), stage.sabotage] if stage.sabotage else [])]
    environment = client_environment(stage.instance, os.environ)
    done = subprocess.run(
        [*program, *script], env=environment, text=True, capture_output=True, timeout=400, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return dict(json.loads(done.stdout.splitlines()[-1]))


def bare_sql(instance: Instance, statements: Sequence[str]) -> float:
    """Seconds that both servers need for the statements, asked at once by nothing but a driver, connecting included."""

    def ask(region: str) -> None:
        with psycopg.connect(conninfo(instance.address(region), DATABASE), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode()).fetchall()

    began = time.monotonic()
    threads = [threading.Thread(target=ask, args=(region,)) for region in REGIONS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - began


def _slow(what: str, ours: Sequence[float], bare: Sequence[float]) -> list[str]:
    mine, theirs = statistics.median(ours), statistics.median(bare)
    print(f"    {what}: {mine:.2f} s, bare SQL {theirs:.2f} s: {mine / theirs:.2f} times", flush=True)
    return [f"{mine:.2f} s, and the bare SQL {theirs:.2f} s"] if mine > TIMES * theirs else []


CONSISTENCY = Consistency()
