# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which entries fence a database's network ACLs, which of them are ours, and what was proved. Pure.

Ours are the deny entries of exactly our shape whose numbers are in the range that is kept for us: so they can be taken
away by whoever comes next, whatever became of the run that made them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import (
    AclEntry,
    Attempt,
    Before,
    Compute,
    FenceState,
    Method,
    NetworkAcl,
    Proved,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal, warning
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, EventState

NUMBERS = 10  # how many rule numbers are kept for us, from the first one on
QUOTA = 20  # entries that an ACL takes in each direction, unless the account's quota was raised
TCP, ALL = "6", "-1"
EVERYWHERE = {False: "0.0.0.0/0", True: "::/0"}


@dataclass(frozen=True)
class Rules:
    """The database's port, and the first of the numbers that are kept for us."""

    port: int
    first: int

    @property
    def numbers(self) -> range:
        return range(self.first, self.first + NUMBERS)

    def deny(self, number: int, egress: bool, ipv6: bool) -> AclEntry:
        """Our entry: what goes to the database's port, or whatever its subnets answer by TCP."""
        first, last = (0, 65535) if egress else (self.port, self.port)
        return AclEntry(number, egress, False, TCP, EVERYWHERE[ipv6], first, last)

    def is_ours(self, entry: AclEntry) -> bool:
        return entry.number in self.numbers and entry == self.deny(entry.number, entry.egress, entry.ipv6)

    def lets_through(self, entry: AclEntry) -> bool:
        """Whether a foreign entry would let clients' packets, or the answers to them, pass."""
        if not entry.allow or entry.protocol not in (TCP, ALL):
            return False
        return entry.egress or entry.protocol == ALL or entry.first_port <= self.port <= entry.last_port


@dataclass(frozen=True)
class AclChange:
    """An entry to add to an ACL, or to take away."""

    acl: str
    entry: AclEntry


def ours(acl: NetworkAcl, rules: Rules) -> tuple[AclEntry, ...]:
    return tuple(entry for entry in acl.entries if rules.is_ours(entry))


def _ways(acl: NetworkAcl, rules: Rules) -> list[tuple[bool, bool]]:
    """(egress, IPv6) of each way that must be denied: the way in first, as it alone stops every write.

    IPv6 only where something lets it through: few databases have it, and entries are scarce.
    """
    ipv6 = any(entry.ipv6 and rules.lets_through(entry) for entry in acl.entries)
    return [(egress, family) for family in ((False, True) if ipv6 else (False,)) for egress in (False, True)]


def _first_open(acl: NetworkAcl, rules: Rules, egress: bool, ipv6: bool) -> int:
    """The number of the first entry that lets clients through that way; ours must come before it."""
    numbers = [
        entry.number
        for entry in acl.entries
        if (entry.egress, entry.ipv6) == (egress, ipv6) and rules.lets_through(entry)
    ]
    return min(numbers, default=32767)


def _denied(acl: NetworkAcl, rules: Rules, egress: bool, ipv6: bool) -> bool:
    first = _first_open(acl, rules, egress, ipv6)
    return any((entry.egress, entry.ipv6) == (egress, ipv6) and entry.number < first for entry in ours(acl, rules))


def acl_state(acls: Sequence[NetworkAcl], rules: Rules) -> FenceState:
    """Fenced only if every way through every ACL is denied by an entry of ours, in front of all that let it pass."""
    if acls and all(_denied(acl, rules, *way) for acl in acls for way in _ways(acl, rules)):
        return FenceState.FENCED
    return FenceState.PARTIAL if any(ours(acl, rules) for acl in acls) else FenceState.UNFENCED


def additions(acls: Sequence[NetworkAcl], rules: Rules) -> tuple[tuple[AclChange, ...], tuple[Finding, ...]]:
    """The entries that are missing, and what is in the way of making them."""
    changes, findings = list[AclChange](), list[Finding]()
    for acl in acls:
        for egress, ipv6 in _ways(acl, rules):
            if _denied(acl, rules, egress, ipv6):
                continue
            taken = {entry.number for entry in acl.entries if entry.egress == egress}
            taken |= {
                change.entry.number for change in changes if (change.acl, change.entry.egress) == (acl.id, egress)
            }
            limit = _first_open(acl, rules, egress, ipv6)
            number = next((each for each in rules.numbers if each not in taken and each < limit), None)
            if number is None:
                findings.append(_no_number(acl, rules, egress, limit))
            else:
                changes.append(AclChange(acl.id, rules.deny(number, egress, ipv6)))
    return tuple(changes), tuple(findings)


def removals(acls: Iterable[NetworkAcl], rules: Rules) -> tuple[AclChange, ...]:
    """Every entry of ours; nobody else's."""
    return tuple(AclChange(acl.id, entry) for acl in acls for entry in ours(acl, rules))


def _no_number(acl: NetworkAcl, rules: Rules, egress: bool, limit: int) -> Finding:
    way = "outbound" if egress else "inbound"
    seen = f"{acl.id} has no free {way} rule number from {rules.first} to {rules.numbers[-1]} before its rule {limit}."
    return refusal(
        "no_rule_number", seen, "Renumber its rules so that the numbers from first_rule on are free and come first."
    )


def check_acls(
    acls: Sequence[NetworkAcl], subnets: Collection[str], allow_shared: bool, changes: Sequence[AclChange]
) -> tuple[Finding, ...]:
    """What speaks against fencing by these ACLs."""
    governed = {subnet for acl in acls for subnet in acl.subnets}
    findings = list[Finding]()
    if set(subnets) - governed or not subnets:
        seen = f"No network ACL was found for {', '.join(sorted(set(subnets) - governed)) or 'the database'}."
        findings.append(
            refusal("no_network_acl", seen, "Check the database's subnet group, and ec2:DescribeNetworkAcls.")
        )
    for acl in acls:
        others = sorted(set(acl.subnets) - set(subnets))
        if others:
            seen = f"{acl.id} also governs {', '.join(others)}, where the database isn't: what is there is cut off too."
            remedy = "Give the database's subnets an ACL of their own, or accept it with allow_shared_acl=true."
            make = warning if allow_shared else refusal
            findings.append(make("acl_shared", seen, remedy))
        for egress in (False, True):
            new = sum((change.acl, change.entry.egress) == (acl.id, egress) for change in changes)
            there = sum(entry.egress == egress for entry in acl.entries)
            if new and there + new > QUOTA:
                seen = f"{acl.id} has {there} of {QUOTA} {'outbound' if egress else 'inbound'} entries (default quota)."
                findings.append(warning("acl_full", seen, "Remove entries, or have the quota raised."))
    return tuple(findings)


def check_request(methods: Sequence[Method], compute: object, hook: object, first_rule: int) -> tuple[Finding, ...]:
    """What is wrong with a request, before anything is observed."""
    findings = list[Finding]()
    if not methods:
        findings.append(refusal("no_method", "methods is empty.", "Name at least one."))
    for method, given in ((Method.COMPUTE, compute), (Method.HOOK, hook)):
        if method in methods and not given:
            seen = f"methods has {method.value}, and the option {method.value} is not given."
            findings.append(refusal("method_not_described", seen, f"Give {method.value}, or leave that method out."))
    if not 1 <= first_rule <= 32767 - NUMBERS:
        seen = f"first_rule is {first_rule}."
        findings.append(refusal("bad_rule_number", seen, f"Give a number from 1 to {32767 - NUMBERS}."))
    return tuple(findings)


# Compute


def to_stop(running: Iterable[Compute]) -> tuple[Compute, ...]:
    """What is to be set: each as it shall be."""
    return tuple(each.stopped() for each in running if each != each.stopped())


def to_restore(running: Iterable[Compute], before: Before) -> tuple[Compute, ...]:
    """What was stopped, as it was before; what somebody has set going since is left as it is."""
    known = {each.key: each for each in before.compute}
    stopped = [each for each in running if each == each.stopped()]
    return tuple(known[each.key] for each in stopped if each.key in known and known[each.key] != each)


def not_restorable(running: Iterable[Compute], before: Before) -> tuple[Finding, ...]:
    """What is stopped without anybody knowing what it was."""
    known = {each.key for each in before.compute}
    lost = [each.name for each in running if each == each.stopped() and each.key not in known]
    if not lost:
        return ()
    seen = f"Nothing says how much of {', '.join(lost)} ran before: it stays at 0."
    return (warning("before_unknown", seen, "Give before as the fence returned it, or scale it by hand."),)


def compute_state(running: Sequence[Compute], sessions: int | None) -> FenceState:
    """Fenced only once nothing may run and no client's session is left (``None``: not known)."""
    stopped = [each == each.stopped() for each in running]
    if all(stopped):
        return FenceState.FENCED if sessions == 0 else FenceState.PARTIAL
    return FenceState.PARTIAL if any(stopped) else FenceState.UNFENCED


# Proof


def judge(
    method: Method, reached: bool | None, writes: Sequence[Attempt], acknowledges: Attempt | None, sessions: int | None
) -> tuple[Proved, str]:
    """Whether writes are refused, and how that is known.

    ``reached``: the database answered here before the fence. ``acknowledges``: what the Region's API did, if asked.
    A Region whose compute was stopped still takes writes of ours: there it is the sessions that count.
    """
    if acknowledges is not None and acknowledges.accepted:
        return Proved.FALSE, acknowledges.seen
    silent = f"; {acknowledges.seen}" if acknowledges is not None and acknowledges.accepted is False else ""
    if method is Method.COMPUTE:
        if sessions is None:
            return Proved.UNKNOWN, "whether clients are connected is not known"
        return (Proved.FALSE if sessions else Proved.TRUE), f"{sessions} sessions of clients are left{silent}"
    accepted = [write.seen for write in writes if write.accepted]
    if accepted:
        return Proved.FALSE, "; ".join(accepted)
    unclear = [write.seen for write in writes if write.accepted is None]
    if unclear or not writes:
        return Proved.UNKNOWN, "; ".join(unclear) or "no write was tried"
    seen = "; ".join(write.seen for write in writes)
    if not reached:
        return Proved.UNKNOWN, f"{seen}; but it wasn't reached from here before the fence either"
    return Proved.TRUE, f"{seen}{silent}"


def overall(states: Sequence[FenceState], changed: bool, proved: Proved) -> FenceState:
    """What the methods that were tried, the last of them for good, amount to."""
    if states[-1] is FenceState.FENCED:
        return FenceState.PARTIAL if proved is Proved.FALSE else FenceState.FENCED
    if FenceState.PARTIAL in states or FenceState.FENCED in states:
        return FenceState.PARTIAL
    return FenceState.UNKNOWN if changed else FenceState.OWED


def standing(states: Sequence[FenceState]) -> FenceState:
    """What the methods' states amount to where nothing is changed: one that stands is enough."""
    for state in (FenceState.FENCED, FenceState.PARTIAL, FenceState.UNKNOWN):
        if state in states:
            return state
    return FenceState.UNFENCED


def owed(region: str, seen: str) -> Finding:
    """Why a run without a fence is not gone on with."""
    remedy = (
        f"Unknown is not fenced: {region} may go on acknowledging writes. Fence it by hand, name another method, or go"
        " on with allow_unfenced=true: the fence is then owed, and falls due on first contact."
    )
    return refusal("fence_owed", f"{region} is not fenced: {seen.rstrip('.')}.", remedy)


def before_by(events: Iterable[Event]) -> Mapping[str, Any]:
    """What there was before a run's fence, as its journal has it from before each change; nothing once it is lifted."""
    found: dict[str, Any] = {}
    for event in events:
        noted = event.seen.get("before") or {}
        if event.step.startswith("unfence_") and event.state is EventState.DONE:
            found = {}
        elif event.step.startswith("fence_") and event.state is EventState.STARTED and noted:
            found = {**noted, **found, "compute": found.get("compute") or noted.get("compute", [])}
    return found
