# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a multi-Region key lacks in the target's Region, and whether its primary may move. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.key import Alias, Key


class Act(str, Enum):
    """A changing call, as the API names it."""

    REPLICATE = "ReplicateKey"
    POLICY = "PutKeyPolicy"
    ALIAS = "CreateAlias"
    PRIMARY = "UpdatePrimaryRegion"


@dataclass(frozen=True)
class Change:
    """One call: in that Region; ``alias`` is the name that it makes."""

    act: Act
    region: str
    alias: str = ""


@dataclass(frozen=True)
class Decision:
    """The calls to make in their order, or why none."""

    changes: tuple[Change, ...] = ()
    refusals: tuple[Finding, ...] = ()


def findings(key_id: str, target_region: str, target: Key | None) -> tuple[Finding, ...]:
    """What keeps the target's Region from decrypting what the key encrypted. For readiness, in either mode."""
    if target is None:
        seen = f"There is no replica of the key {key_id} in {target_region}."
        remedy = "Make one (kms_replica_key with state=present): what the key encrypted can't be read there."
        return (refusal("key_replica_missing", seen, remedy),)
    if not target.usable:
        seen = f"The key {target.arn} is {target.state}."
        return (refusal("key_replica_disabled", seen, _state_remedy(target)),)
    return ()


def _state_remedy(key: Key) -> str:
    remedies = {
        "Disabled": "Enable it, once it is known why it was disabled.",
        "PendingDeletion": "Cancel its deletion and enable it.",
        "Creating": "Wait until it has been created.",
    }
    return remedies.get(key.state, "Look into its state in KMS.")


def decide_present(
    source: Key | None, target: Key | None, source_region: str, target_region: str, key_id: str
) -> Decision:
    """Whether a replica has to be made."""
    wrong = _source_wrong(source, source_region, key_id)
    if wrong or source is None:
        return Decision(refusals=wrong)
    if target is None:
        if not source.is_primary:
            seen = f"{source.arn} is a replica; the primary is in {source.primary_region}."
            return Decision(refusals=(refusal("source_not_primary", seen, f"Name {source.primary_region} as source."),))
        return Decision((Change(Act.REPLICATE, source_region),))
    if not target.usable and target.state != "Creating":
        return Decision(refusals=findings(key_id, target_region, target))
    return Decision()


def decide_details(
    key_id: str,
    target_region: str,
    policies: tuple[str | None, str | None],
    wanted_aliases: Sequence[str],
    aliases: Sequence[Alias],
) -> Decision:
    """What else the replica needs. ``policies``: the wanted one (``None``: as it is) and the one it has."""
    wanted, has = policies
    changes = []
    if wanted is not None and not same_policy(wanted, has):
        changes.append(Change(Act.POLICY, target_region))
    owners = {alias.name: alias.key_id for alias in aliases}
    taken = [name for name in wanted_aliases if owners.get(name) not in (None, key_id)]
    if taken:
        seen = f"In {target_region}, {', '.join(f'{name} is of the key {owners[name]}' for name in taken)}."
        remedy = "Point the alias elsewhere, or take it out of aliases, once it is known what uses it."
        return Decision(refusals=(refusal("alias_taken", seen, remedy),))
    changes += [Change(Act.ALIAS, target_region, name) for name in wanted_aliases if name not in owners]
    return Decision(tuple(changes))


def same_policy(one: str, other: str | None) -> bool:
    """Whether two policies say the same, however they are written."""
    try:
        return other is not None and json.loads(one) == json.loads(other)
    except ValueError:
        return one == other


def decide_primary(
    source: Key | None, target: Key | None, source_region: str, target_region: str, key_id: str
) -> Decision:
    """Whether the primary has to move to the target, called through the source."""
    if target is not None and target.is_primary:
        return Decision()
    wrong = _source_wrong(source, source_region, key_id) or findings(key_id, target_region, target)
    if wrong or source is None:
        return Decision(refusals=wrong)
    if not source.is_primary:
        seen = f"The primary of {key_id} is in {source.primary_region}, not in {source_region}."
        return Decision(refusals=(refusal("source_not_primary", seen, f"Name {source.primary_region} as source."),))
    if source.state != "Enabled":
        seen = f"The key {source.arn} is {source.state}."
        return Decision(refusals=(refusal("key_not_enabled", seen, "A primary moves only while it is enabled."),))
    return Decision((Change(Act.PRIMARY, source_region),))


def check_request(unplanned: bool) -> tuple[Finding, ...]:
    """An unplanned run moves no primary."""
    if not unplanned:
        return ()
    seen = "mode is unplanned: moving a key's primary needs the Region that is impaired."
    remedy = "Leave it out: replica keys encrypt and decrypt by themselves. Move it in a planned run."
    return (refusal("primary_move_not_needed", seen, remedy),)


def _source_wrong(source: Key | None, source_region: str, key_id: str) -> tuple[Finding, ...]:
    if source is None:
        return (refusal("no_such_key", f"There is no key {key_id} in {source_region}.", "Check key_id and source."),)
    if not source.multi_region:
        seen = f"{source.arn} is a key of one Region."
        remedy = "Use a multi-Region key: a key of one Region can't be made one, and what it encrypted stays with it."
        return (refusal("key_not_multi_region", seen, remedy),)
    return ()
