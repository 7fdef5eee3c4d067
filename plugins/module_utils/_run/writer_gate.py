# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate in front of a change of traffic: the target is proved to be the database's writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import read_global_cluster
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import Database, WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.writer import proved_writer
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.proving import passes, prove_until

PROVE = 15.0  # seconds for the proof, tries again included: a server that was just promoted may still be settling
LOOK = 5.0  # seconds for RDS to say who the writer is, in check mode


class WriterGate:
    """``database`` are the options of that name, or ``None`` where the user allowed an unverified writer."""

    def __init__(
        self, database: Mapping[str, Any] | None, target: str | None, resolvers: Sequence[str], context: Context
    ) -> None:
        self._database = Database.from_options(database) if database else None
        self._target = target or ""
        self._resolvers = resolvers
        self._context = context
        self.proof: WriterProof | None = None

    def prove(self) -> None:
        """Let through only once the target has committed a write. Raises ``Refused``."""
        database = self._database
        if database is None:
            self._context.warn("Traffic moves without any proof of the writer: allow_unverified_writer is true.")
            return
        clock = self._context.clock
        deadline = self._context.deadline.sooner(clock, PROVE)
        self.proof = None  # what was proved before an earlier batch says nothing about now

        def attempt() -> WriterProof:
            return proved_writer(self._context.clients, database, self._target, self._resolvers, clock, deadline)

        try:
            self.proof = prove_until(attempt, passes, self._target, deadline, self._context)
        except DrError as error:
            raise Refused((self._finding(str(error)),)) from error

    def _finding(self, seen: str) -> Finding:
        remedy = f"No traffic moves before that: promote {self._target}, or mend its database, then run again."
        return refusal("writer_not_proved", seen, remedy)

    def look(self) -> tuple[Finding, ...]:
        """Without writing anything: what would keep traffic from moving now, by RDS's word."""
        if self._database is None:
            return ()
        clock = self._context.clock
        deadline = self._context.deadline.sooner(clock, LOOK)
        identifier = self._database.global_cluster_id
        try:
            cluster = read_global_cluster(self._context.clients, self._target, identifier, clock, deadline)
        except CALL_ERRORS as exc:
            self._context.warn(f"Whether {self._target} is the writer is unknown: {type(exc).__name__}: {exc}")
            return ()
        writer = cluster.writer.region if cluster and cluster.writer else "nobody"
        return () if writer == self._target else (self._finding(f"The writer is {writer}, not {self._target}."),)
