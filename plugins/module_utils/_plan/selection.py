# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which workloads a play is about: nobody fails an estate over by leaving ``--limit`` out."""

from __future__ import annotations

from collections.abc import Collection

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal

ALL = "all"


def named_workloads(wanted: str) -> tuple[str, ...]:
    """``"a, b"`` as ``("a", "b")``."""
    return tuple(name.strip() for name in wanted.split(",") if name.strip())


def selection_findings(wanted: str, in_play: Collection[str]) -> tuple[Finding, ...]:
    """Why the play must not start: several workloads without being named, or a name that isn't in play."""
    names = named_workloads(wanted)
    listed = ", ".join(sorted(in_play))
    if not names and len(in_play) > 1:
        return (
            refusal(
                "workloads_not_named",
                f"{len(in_play)} workloads are in play ({listed}) and none was named.",
                "Name them with -e workloads=a,b, or -e workloads=all.",
            ),
        )
    unknown = [name for name in names if name != ALL and name not in in_play]
    if unknown:
        return (
            refusal(
                "workload_unknown",
                f"No such workload in play: {', '.join(unknown)}. In play: {listed}.",
                "Check the name, the inventory (-i) and --limit.",
            ),
        )
    return ()


def region_findings(home: str, standby: str, target: str, legs: Collection[str]) -> tuple[Finding, ...]:
    """Why a workload can't be moved as it is described: its Regions must be two, and each must be a leg."""
    listed = ", ".join(legs)
    if home == standby:
        observed = f"Home and standby are the same Region: {home}."
        return (refusal("same_region_twice", observed, "Set aws_dr_home_region and aws_dr_standby_region apart."),)
    strangers = sorted({home, standby, target} - set(legs))
    if strangers:
        observed = f"{', '.join(strangers)} is no leg of the workload. Its legs: {listed}."
        return (
            refusal(
                "region_is_no_leg", observed, "Check target, aws_dr_home_region, aws_dr_standby_region, aws_dr_legs."
            ),
        )
    if len(set(legs)) != 2 or len(legs) != 2:
        observed = f"A workload has two legs in two Regions, and the same Region counts once: {listed}."
        return (refusal("not_two_legs", observed, "Give aws_dr_legs one entry for each of its two Regions."),)
    return ()


def is_selected(wanted: str, workload: str) -> bool:
    """Whether ``workload`` was asked for: by name, by ``all``, or as the only one."""
    names = named_workloads(wanted)
    return not names or ALL in names or workload in names
