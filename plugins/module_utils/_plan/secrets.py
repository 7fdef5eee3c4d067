# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a replicated secret is good for, and what brings it where it is wanted. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import (
    Finding,
    Severity,
    refusal,
    warning,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import (
    ReplicationStatus,
    SecretPair,
    Standing,
)


class State(str, Enum):
    """What is asked for."""

    IN_SYNC = "in_sync"
    PROMOTED = "promoted"
    LINKED = "linked"
    PRESENT = "present"


class Act(str, Enum):
    """The one changing call, as the API names it."""

    STOP = "StopReplicationToReplica"
    REPLICATE = "ReplicateSecretToRegions"


@dataclass(frozen=True)
class Decision:
    """The call to make, if any, in that Region; or why not."""

    act: Act | None = None
    region: str = ""
    findings: tuple[Finding, ...] = ()
    overwrite: bool = False

    @property
    def refused(self) -> bool:
        return any(finding.severity is Severity.REFUSE for finding in self.findings)


def findings(pair: SecretPair, *, strict: bool) -> tuple[Finding, ...]:
    """What keeps the target's secret from standing in for the source's.

    ``strict``: a planned run, in which there is time to mend it. Otherwise only what makes it unreadable refuses, as a
    replica that may be a version behind is better than none.
    """
    name, target = pair.secret_id, pair.target_region
    raise_ = refusal if strict else warning
    if pair.target is None:
        remedy = "Add a replica there (secretsmanager_replica with state=present)."
        return (refusal("secret_missing", f"There is no secret {name} in {target}.", remedy),)
    if pair.target.deleted:
        seen = f"The secret {name} in {target} is scheduled for deletion, and can't be read."
        return (refusal("secret_deleted", seen, "Restore the primary secret."),)
    if not pair.source_read:
        return _unread(pair, raise_)
    if pair.in_sync or _reversed(pair):
        return ()
    if pair.source is None:
        seen = f"There is no secret {name} in {pair.source_region}, while {target} has one."
        return (warning("secret_source_missing", seen, "Check secret_id and source."),)
    if pair.status is ReplicationStatus.FAILED:
        seen = f"The replication of {name} to {target} failed: {pair.message}"
        return (raise_("secret_replication_failed", seen, "Link it again (state=linked)."),)
    if not pair.linked:
        seen = f"{name} in {target} is {pair.standing.value}, and has another version than {pair.source_region}."
        return (
            raise_("secret_not_replicated", seen, "Decide which Region's value counts; link the other (state=linked)."),
        )
    seen = f"{name} in {target} is not in sync with {pair.source_region} yet: {pair.status.value}."
    return (raise_("secret_not_in_sync", seen, "Wait until its replication has caught up."),)


def _reversed(pair: SecretPair) -> bool:
    """Whether the source's secret is the replica, of the target's: the target then has all there is."""
    return pair.source is not None and pair.source.primary_region == pair.target_region


def _unread(pair: SecretPair, raise_: Callable[[str, str, str], Finding]) -> tuple[Finding, ...]:
    if pair.in_sync is False:
        seen = f"{pair.secret_id} in {pair.target_region} was {pair.status.value} when it last heard from its primary."
        return (raise_("secret_not_in_sync", seen, "Wait, or go on with the version that is there."),)
    if not pair.source_region:
        return ()
    seen = f"{pair.source_region} gave no answer about {pair.secret_id}: whether it has a newer version is unknown."
    return (warning("secret_not_compared", seen, "It is readable as it is."),)


def decide(state: State, pair: SecretPair, *, same_value: bool | None, force: bool) -> Decision:
    """What to call. ``same_value``: whether both Regions' current values are equal, ``None`` where nobody looked."""
    if state is State.IN_SYNC:
        return Decision(findings=findings(pair, strict=pair.source_region != ""))
    if state is State.PROMOTED:
        return _promotion(pair, force)
    return _link(state, pair, same_value, force)


def _promotion(pair: SecretPair, force: bool) -> Decision:
    if pair.standing is not Standing.REPLICA:
        missing = pair.standing is Standing.MISSING
        return Decision(findings=findings(pair, strict=False) if missing else ())
    behind = pair.source_read and pair.in_sync is False
    if behind and not force:
        seen = f"{pair.secret_id} in {pair.target_region} is behind {pair.source_region}, and a promotion is one way."
        remedy = "Wait until it is in sync; or leave source out, or set force=true, to do without the newer version."
        return Decision(findings=(refusal("secret_not_in_sync", seen, remedy),))
    return Decision(Act.STOP, pair.target_region)


def needs_values(state: State, pair: SecretPair) -> bool:
    """Whether the decision hangs on the two values: an overwrite would end the target's."""
    stands_alone = pair.target is not None and pair.standing is not Standing.REPLICA
    return state is State.LINKED and stands_alone and pair.source is not None and pair.in_sync is not True


def _link(state: State, pair: SecretPair, same_value: bool | None, force: bool) -> Decision:
    wrong = _source_wrong(pair)
    if wrong:
        return Decision(findings=wrong)
    if pair.linked:
        failed = pair.status is ReplicationStatus.FAILED
        return Decision(Act.REPLICATE, pair.source_region, overwrite=True) if failed else Decision()
    if pair.target is None:
        return Decision(Act.REPLICATE, pair.source_region)
    if pair.standing is Standing.REPLICA:
        seen = f"{pair.secret_id} in {pair.target_region} is a replica of {pair.target.primary_region}."
        remedy = f"Name {pair.target.primary_region} as source, or end that replication first."
        return Decision(findings=(refusal("replica_of_another", seen, remedy),))
    if state is State.PRESENT:
        seen = f"{pair.target_region} has a secret {pair.secret_id} of its own."
        remedy = "To replace it by a replica, use state=linked."
        return Decision(findings=(refusal("secret_name_taken", seen, remedy),))
    if pair.in_sync is True or same_value is True or force:
        return Decision(Act.REPLICATE, pair.source_region, overwrite=True)
    return Decision(findings=(_would_lose(pair),))


def _source_wrong(pair: SecretPair) -> tuple[Finding, ...]:
    where = f"{pair.secret_id} in {pair.source_region}"
    if not pair.source_region:
        return (refusal("no_source", "source isn't given.", "Name the Region of the primary secret."),)
    if not pair.source_read:
        remedy = "Linking needs the primary's Region: run again once it answers."
        return (refusal("source_unreachable", f"{pair.source_region} gave no answer about {pair.secret_id}.", remedy),)
    if pair.source is None:
        return (refusal("no_such_secret", f"There is no secret {where}.", "Check secret_id and source."),)
    if pair.source.standing is Standing.REPLICA:
        seen = f"{where} is a replica of {pair.source.primary_region}."
        return (refusal("source_is_replica", seen, "Promote it first (state=promoted), or name the primary's Region."),)
    return ()


def _would_lose(pair: SecretPair) -> Finding:
    target, source = pair.target, pair.source
    newer = target is not None and source is not None and target.changed_at > source.changed_at
    seen = (
        f"{pair.secret_id} has another value in {pair.target_region} than in {pair.source_region}"
        f"{', and was changed there later' if newer else ''}."
    )
    remedy = "Copy the value that counts to the source first; with force=true the target's is lost."
    return refusal("secret_differs", seen, remedy)
