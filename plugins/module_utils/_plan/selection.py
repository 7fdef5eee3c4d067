# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which workloads a play is about: nobody fails an estate over by leaving ``--limit`` out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal

ALL = "all"
CLOCK_SKEW = 5.0  # seconds that a probe's clock may be ahead of ours
OLDEST_FAILURE = 86_400.0  # seconds: what failed earlier than a day ago isn't what this run mends


TRAFFIC = {"latch": "aws_dr_latch", "routing_control": "aws_dr_routing_control", "records": "aws_dr_records"}
"""By what clients are switched, and the variable that describes it."""


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


@dataclass(frozen=True)
class Request:
    """A failover as it was asked for. ``addresses`` are those of the public name, by Region; times are epoch seconds.

    ``first_failure`` is 0 when no outside probe was named. ``traffic`` is by what clients are switched, ``configured``
    names what the inventory has of those, ``origins`` the Regions that a distribution has an origin for.
    """

    target: str
    mode: str
    home: str
    standby: str
    legs: tuple[str, ...]
    addresses: Mapping[str, Sequence[str]]
    first_failure: float
    now: float
    accept_data_loss: bool = True
    accept_detach: bool = False
    traffic: str = "latch"
    configured: tuple[str, ...] = ("aws_dr_latch",)
    origins: tuple[str, ...] | None = None


def request_findings(request: Request) -> tuple[Finding, ...]:
    """Why the request can't end well, whatever the Regions' state: nothing is started then."""
    found = (
        _regions(request),
        _data_loss(request),
        _detach(request),
        _traffic(request),
        _origins(request),
        _addresses(request),
        _first_failure(request),
    )
    return tuple(finding for finding in found if finding is not None)


def _regions(request: Request) -> Finding | None:
    listed = ", ".join(request.legs)
    if request.home == request.standby:
        observed = f"Home and standby are the same Region: {request.home}."
        return refusal("same_region_twice", observed, "Set aws_dr_home_region and aws_dr_standby_region apart.")
    strangers = sorted({request.home, request.standby, request.target} - set(request.legs))
    if strangers:
        observed = f"{', '.join(strangers)} is no leg of the workload. Its legs: {listed}."
        remedy = (
            "Check target, aws_dr_home_region, aws_dr_standby_region and aws_dr_legs: no two legs in the same Region."
        )
        return refusal("region_is_no_leg", observed, remedy)
    if len(request.legs) != 2:
        observed = f"A workload has two legs, each in a Region of its own, and this one has: {listed}."
        return refusal("not_two_legs", observed, "Give aws_dr_legs one entry for each of its two Regions.")
    return None


def _data_loss(request: Request) -> Finding | None:
    if request.mode != "unplanned" or request.accept_data_loss:
        return None
    observed = "mode=unplanned can lose the writes that haven't been replicated yet, and accept_data_loss isn't true."
    remedy = "Add -e accept_data_loss=true, or leave mode out while both Regions can be reached."
    return refusal("data_loss_not_accepted", observed, remedy)


def _detach(request: Request) -> Finding | None:
    if not request.accept_detach or request.mode == "unplanned":
        return None
    observed = "accept_detach=true is for the last step of an unplanned failover, and this one is planned."
    return refusal("detach_not_unplanned", observed, "Leave it out, or use mode=unplanned.")


def _traffic(request: Request) -> Finding | None:
    needed = TRAFFIC.get(request.traffic)
    if needed is None:
        observed = f"aws_dr_traffic is {request.traffic}."
        return refusal("bad_value", observed, f"Give one of: {', '.join(TRAFFIC)}.")
    if needed in request.configured:
        return None
    observed = f"Clients are to be switched by {request.traffic}, and {needed} isn't set."
    return refusal("traffic_not_configured", observed, f"Set {needed}, or choose another aws_dr_traffic.")


def _origins(request: Request) -> Finding | None:
    if request.origins is None or request.target in request.origins:
        return None
    observed = f"aws_dr_cloudfront.origins has none for {request.target}."
    return refusal("no_origin", observed, "Give the id of the origin that the distribution has for each Region.")


def _addresses(request: Request) -> Finding | None:
    without = [region for region in request.legs if not request.addresses.get(region)]
    if not without:
        return None
    observed = f"aws_dr_record.addresses has none for {', '.join(without)}."
    return refusal("no_address", observed, "Give the addresses that the public name has in each Region.")


def _first_failure(request: Request) -> Finding | None:
    age = request.now - request.first_failure
    if request.first_failure == 0 or -CLOCK_SKEW <= age <= OLDEST_FAILURE:
        return None
    observed = f"first_failure is {age:.0f} s ago." if age > 0 else f"first_failure is {-age:.0f} s ahead."
    return refusal(
        "implausible_first_failure", observed, "Give seconds since the epoch, not milliseconds, and no old value."
    )


def is_selected(wanted: str, workload: str) -> bool:
    """Whether ``workload`` was asked for: by name, by ``all``, or as the only one."""
    names = named_workloads(wanted)
    return not names or ALL in names or workload in names
