# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a failback that failed is left open, and how it is finished."""

from __future__ import annotations

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.journal import must_be_finished, way_back

BEFORE = (
    "keep_snapshot",
    "rejoin_mark_old_primary",
    "gate_losses",
    "gate_resync",
    "link_secret",
    "sync_parameters",
    "backfill_storage",
)
LATER = ("unfence_network_acl", "scale_compute", "disable_event_sources", "write_sentinel", "enable_event_sources")
RUN = {"kind": "failback", "workload": "shop", "target": "a", "mode": "planned"}


def events(*steps: str) -> list[dict[str, object]]:
    return [{"step": step, "state": "done", "seen": {}} for step in steps]


def test_a_failback_that_promoted_nothing_is_not_left_open() -> None:
    assert not must_be_finished(events(*BEFORE, *LATER))


@pytest.mark.parametrize("step", ["promote_database", "promote_cache", "switch_traffic"])
def test_one_that_began_to_promote_is_finished(step: str) -> None:
    assert must_be_finished(events(*BEFORE, *LATER, step))


def test_it_is_finished_by_its_own_playbook_which_knows_where_to_go() -> None:
    finish = way_back(RUN, events("gate_losses"))[0]
    assert finish == "finish it: ansible-playbook multiregion.aws_dr.failback -i INVENTORY -e workloads=shop"
