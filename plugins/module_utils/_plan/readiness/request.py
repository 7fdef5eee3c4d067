# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the run itself was asked for in a way that can end well."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import promotion
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.capacity import check_targets
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health import leg_findings
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import Case, Remark, adopted
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.storage import check_pairs

NOT_ACCEPTED = "data_loss_not_accepted"


def check_request(case: Case) -> tuple[Finding, ...]:
    """Why nothing can be looked at: the legs, the target, home or the description of a layer are wrong."""
    workload = case.workload
    found = [*leg_findings(workload.legs, ()), *(each for each in _asked(case) if each.code != NOT_ACCEPTED)]
    if workload.home not in workload.regions:
        seen = f"The home Region {workload.home} is no leg of the workload: {', '.join(workload.regions)}."
        found.append(refusal("home_is_no_leg", seen, "Name as home the Region of one of the legs."))
    found += check_targets(workload.compute) if workload.compute else ()
    found += check_pairs(workload.pairs) if workload.pairs else ()
    return tuple(found)


def judge_request(case: Case) -> Iterator[Remark]:
    """What may still be put right by asking otherwise."""
    yield from adopted([each for each in _asked(case) if each.code == NOT_ACCEPTED], case.target)


def _asked(case: Case) -> tuple[Finding, ...]:
    workload = case.workload
    return promotion.check_request(
        promotion.Wanted(
            workload.database.global_cluster_id, case.target, case.mode, workload.regions, case.accept_data_loss
        )
    )
