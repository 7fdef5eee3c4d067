# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A failback as a person reads it: the gates, how they stood, and the calls between them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

GATES: Mapping[str, str] = {
    "rejoin": "of what a detach has left: the old primary is fenced, and a snapshot of it kept",
    "losses": "lost writes are reconciled, or accepted with a reason",
    "home_stable": "the home Region has been well, by several witnesses",
    "resync": "its database is a replica in step (RDS-EVENT-0241)",
    "cache": "its cache follows",
    "lift_fence": "its fence may go: RDS calls its database a replica, in both Regions",
    "switch_over": "its server says itself that it is read-only; nothing has changed since",
}


@dataclass(frozen=True)
class Gate:
    """A gate: why it was shut, if it was, how long it was waited at, and how long home was seen to be well."""

    step: str
    refusals: Sequence[Mapping[str, Any]]
    seconds: float
    home_good_for: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "open": not self.refusals,
            "seconds": self.seconds,
            "refusals": [dict(each) for each in self.refusals],
        }


def gate_lines(gates: Sequence[Gate]) -> list[str]:
    """What was waited for, and for how long."""
    if not gates:
        return []
    return ["waited: " + ", ".join(f"{gate.step} {gate.seconds:.1f} s" for gate in gates)]


def kept_lines(kept: Sequence[Mapping[str, Any]]) -> list[str]:
    """What was kept aside of an old primary that a detach had left, for a person to delete."""
    return [
        f"KEPT ASIDE: the old primary {each['cluster']} (instances {', '.join(each['instances']) or 'none'};"
        f" snapshot {each['snapshot'] or 'none'}). Delete it by hand, once its lost writes are dealt with."
        for each in kept
    ]


def plan_lines(
    workload: str, home: str, gates: Sequence[Gate], own: Sequence[Mapping[str, Any]], switchover: Sequence[str]
) -> list[str]:
    """What a run in check mode shows: the gates with what shuts them now, then the calls."""
    if not gates and not own and not switchover:
        return [f"{workload}: {home} writes already and clients are sent there; nothing would be changed"]
    held = sum(1 for gate in gates if gate.refusals)
    way = f"is held up by {held} of these gates" if held else "would pass these gates, in this order"
    lines = [f"{workload}: a failback to {home} {way}"]
    for number, gate in enumerate(gates, 1):
        shut = [f"[{each['code']}] {each['observed']} {each['remedy']}" for each in gate.refusals]
        lines.append(f"{number}. {gate.step}: {'SHUT' if shut else 'open'}; {GATES.get(gate.step, gate.step)}")
        lines += [f"     {each}" for each in shut]
    lines += [f"     call      {each['service']}:{each['action']} in {each['region']}" for each in own]
    if held and switchover:  # its own heading knows of no gate
        switchover = ["the switchover's calls, once they are all open:", *switchover[1:]]
    return [*lines, *switchover, "last: the reverse latch is cleared, and the standby Region is seen to follow"]


def settled(owed: Sequence[str]) -> list[str]:
    """What is owed, each once."""
    return list(dict.fromkeys(owed))
