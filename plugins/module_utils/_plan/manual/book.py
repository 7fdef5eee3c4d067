# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A manual runbook: the plan of a failover as aws CLI commands, in the order of the automated one."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.manual import data, serving
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.manual.case import Case, Section
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode


def sections(case: Case) -> tuple[Section, ...]:
    """The steps for this workload; a layer that it hasn't got has none."""
    found = (
        data.begin(case),
        data.keep_out(case),
        data.look(case),
        data.fence(case),
        serving.capacity(case),
        serving.event_sources(case, enabled=False),
        data.promote(case),
        data.proved(case),
        data.cache(case),
        serving.parameters(case),
        serving.event_sources(case, enabled=True),
        serving.traffic(case),
        serving.after(case),
    )
    return tuple(each for each in found if each is not None)


def moves(home: str, standby: str) -> tuple[tuple[Mode, str], ...]:
    """Which moves have a runbook: away in a disaster, away by plan, and the way back."""
    return (Mode.UNPLANNED, standby), (Mode.PLANNED, standby), (Mode.PLANNED, home)
