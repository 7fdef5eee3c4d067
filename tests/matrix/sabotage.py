# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-playbook with one guard of the product taken out, for a matrix's control: it must find what then falls.

python tests/matrix/sabotage.py WHAT PLAYBOOK...    WHAT being of SABOTAGES; or a script of Python and its arguments
"""

from __future__ import annotations

import runpy
import sys
from dataclasses import replace
from typing import Any

from ansible.cli.playbook import main
from ansible.plugins.loader import init_plugin_loader

init_plugin_loader()  # before anything of a collection is imported

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.dynamodb.store import TableStore
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import read_global_cluster
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import FenceState, Proved
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.global_cluster import region_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import course, isolated_copy
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import (
    failback_gate,
    lost_primary,
    outbox,
    readiness,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence import Fence
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Journalled
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.promotion_wait import Finished
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.table_compare import Settling
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.writer_gate import WriterGate
from ansible_collections.multiregion.aws_dr.plugins.modules import rds_global_cluster_failover as promotion
from ansible_collections.multiregion.aws_dr.plugins.modules import region_fence
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils import notify_main

CLAIMED = WriterProof("", "claimed", "claimed", "", "", "", 0.0, 0.0)


def ignore_fence() -> None:
    """Every step goes on, whoever has taken over meanwhile."""
    patched: Any = Journalled
    patched._renew = lambda self: None
    patched._check = lambda self: None


def skip_proof() -> None:
    """The target is taken for the writer as soon as its promotion was asked for."""

    def finish(operation: Any, cluster_id: str, _proving: Any, _poll: float, context: Any) -> Finished:
        region = region_of(operation.to_arn)
        cluster = read_global_cluster(context.clients, region, cluster_id, context.clock, context.deadline)
        assert cluster is not None
        return Finished(cluster, replace(CLAIMED, region=region))

    patched: Any = WriterGate
    patched.prove = lambda self: None
    module: Any = promotion
    module.finish = finish


def switch_first() -> None:
    """Clients are sent to the target before it is promoted, without a proof of its writer."""
    prepare, traffic = course._prepare, course._traffic
    patched: Any = course
    patched._prepare = lambda case: (*prepare(case), *traffic(case))
    patched._traffic = lambda _case: ()
    skip_proof()


def claim_fence() -> None:
    """Every Region is said to be fenced, and none is."""

    def put_up(wanted: Any, _guard: Any, hurried: bool = False) -> Fence:
        return Fence(wanted.region, FenceState.FENCED, wanted.before, wanted.methods[0], Proved.TRUE, "claimed")

    for module in (region_fence, lost_primary):
        patched: Any = module
        patched.put_up = put_up


def take_as_read() -> None:
    """Rows that differ between two snapshots are said to differ, without another look."""
    patched: Any = Settling
    patched.run = lambda self, rows: (list(rows), 0)


def open_gates() -> None:
    """A failback passes all its gates whatever is seen, and takes the writer's word without a proof."""
    patched: Any = failback_gate
    patched.gate = lambda _step, _seen: ()
    skip_proof()


def wait_for_people() -> None:
    """What is told beside the promotion is waited for, and nobody writes down who wasn't told."""
    sending: Any = notify_main
    sending.detached = lambda job: job()
    keeping: Any = outbox
    keeping._journalled = lambda *_asked: ""


def lose_copies() -> None:
    """Nothing is found by its tag any more."""
    module: Any = isolated_copy
    module.ours = lambda *_asked: ()


def share_lease() -> None:
    """Whoever asks for the lease has it."""
    patched: Any = TableStore
    patched.read_lock = lambda _self, _key: None
    patched.write_lock = lambda _self, _lock, _seen: True
    patched.renew = lambda _self, _key, _fence: True


def wait_for_all() -> None:
    """Readiness waits for every Region's word, also where it is of no use to an unplanned run."""
    patched: Any = readiness
    patched._waited_for = lambda *_asked: True


SABOTAGES = {
    "fence": ignore_fence,
    "proof": skip_proof,
    "order": switch_first,
    "unfenced": claim_fence,
    "settle": take_as_read,
    "gates": open_gates,
    "cleanup": lose_copies,
    "notify": wait_for_people,
    "lease": share_lease,
    "patience": wait_for_all,
}

if __name__ == "__main__":
    SABOTAGES[sys.argv.pop(1)]()
    if sys.argv[1].endswith(".py"):
        del sys.argv[0]
        runpy.run_path(sys.argv[0], run_name="__main__")
    else:
        sys.argv[0] = "ansible-playbook"
        main(sys.argv)
