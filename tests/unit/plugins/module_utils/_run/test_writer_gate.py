# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import Unreachable
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import writer_gate

PROOF = WriterProof("eu-west-1", "shop-eu-west-1-1", "aurora_server_id()", "endpoint", "127.0.0.1", "nonce", 0.1, 1.0)
DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db"}


class SteppedClock:
    """Time that passes only when somebody sleeps."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def gate() -> writer_gate.WriterGate:
    clock = SteppedClock()
    context = Context(
        check_mode=False,
        diff_mode=False,
        clock=clock,
        deadline=Deadline.after(clock, 60),
        clients=Clients({}),
        progress=silent,
        warn=silent,
    )
    return writer_gate.WriterGate(DATABASE, "eu-west-1", [], context)


def answers(monkeypatch: pytest.MonkeyPatch, *given: WriterProof | Exception) -> None:
    """Let the proof end as ``given``, in turn; the last for ever."""
    left = list(given)

    def proved_writer(*_arguments: Any) -> WriterProof:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(writer_gate, "proved_writer", proved_writer)


UNREACHABLE = Unreachable("Writing", "no connection", "Try again.")


def test_a_passing_fault_is_waited_out(gate: writer_gate.WriterGate, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, UNREACHABLE, PROOF)
    gate.prove()
    assert gate.proof is PROOF


def test_an_earlier_proof_does_not_open_the_gate_again(
    gate: writer_gate.WriterGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, PROOF)
    gate.prove()
    answers(monkeypatch, UNREACHABLE)
    with pytest.raises(Refused, match="writer_not_proved"):
        gate.prove()
    assert gate.proof is None
