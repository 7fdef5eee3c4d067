# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a state table becomes what is asked for, and what it can't become."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal, warning
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.state_table import (
    KEYS,
    Consistency,
    Observed,
    Replica,
    StateTable,
    WantedTable,
    Witness,
)

REGION_SETS = (
    frozenset({"us-east-1", "us-east-2", "us-west-2"}),
    frozenset({"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"}),
    frozenset({"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"}),
)
IN_EU = frozenset({"eu-west-1", "eu-west-3", "eu-central-1"})
"""Regions of these sets that are in the European Union; London (eu-west-2) isn't."""
ANOTHER_NAME = "Give another name; AWS can't change that of an existing table."


class Act(str, Enum):
    """One changing call; the value is AWS's name of it."""

    CREATE = "CreateTable"
    MAKE_STRONG = "UpdateTable: make it strongly consistent"
    TAG = "TagResource"
    UNTAG = "UntagResource"
    RECOVERY = "UpdateContinuousBackups"
    PROTECTION = "UpdateTable: deletion protection"
    REDUCE = "UpdateTable: leave one Region"
    DELETE = "DeleteTable"


@dataclass(frozen=True)
class Step:
    """An act through ``region``. ``on`` is what is switched, ``tags`` what is set, ``keys`` the tags taken away."""

    act: Act
    region: str
    on: bool = False
    tags: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def call(self) -> Call:
        return Call("dynamodb", self.act.value.split(":", 1)[0], self.region)


def option_refusals(wanted: WantedTable) -> list[Finding]:
    """Why no such table can be, whatever there is."""
    everywhere = {*wanted.replicas, *([wanted.witness] if wanted.witness else [])}
    named = ", ".join(sorted(everywhere))
    if len(everywhere) != 3 or len(wanted.replicas) + bool(wanted.witness) != 3 or len(wanted.replicas) < 2:
        observed = f"The replicas and the witness are in {named}."
        remedy = "Give two replicas and a witness, or three replicas, each in a Region of its own."
        return [refusal("not_three_regions", observed, remedy)]
    if not any(everywhere <= regions for regions in REGION_SETS):
        sets = "; ".join(", ".join(sorted(regions)) for regions in REGION_SETS)
        return [refusal("not_one_region_set", f"{named} are not of one Region set.", f"Choose three of {sets}.")]
    return []


def warnings(wanted: WantedTable) -> list[Finding]:
    """What is worth knowing of such a table."""
    if wanted.witness and wanted.witness not in IN_EU and IN_EU & set(wanted.replicas):
        observed = f"The witness Region {wanted.witness} is outside the European Union, and keeps what is written."
        return [warning("witness_outside_eu", observed, "Where data must stay in the EU, take one of its Regions.")]
    return []


def refusals(observed: Observed, wanted: WantedTable) -> list[Finding]:
    """Why what there is can't become such a table."""
    return [*_stray(observed), *(_of_table(observed.table, wanted) if observed.table else ())]


def _stray(observed: Observed) -> Iterator[Finding]:
    if observed.strays:
        seen = f"{', '.join(observed.strays)} has a table of that name that is no replica of it."
        yield refusal("name_in_use", seen, "Give another name, or remove the table that doesn't belong to it.")


def _of_table(table: StateTable, wanted: WantedTable) -> Iterator[Finding]:
    if table.keys != KEYS:
        keys = ", ".join(" ".join(key) for key in table.keys)
        yield refusal("wrong_keys", f"Its keys are {keys}, not pk and sk, both strings.", ANOTHER_NAME)
    if table.consistency is Consistency.EVENTUAL and table.steady:
        seen = "It is a global table with eventual consistency, which checks conditions in each Region by itself."
        yield refusal("not_strong", seen, "Give another name: a lock can't live there, and AWS can't change the mode.")
    elif table.consistency is Consistency.STRONG:
        yield from _elsewhere(table, wanted)
    elif table.consistency is None:
        yield from _not_to_be_made_strong(table)


def _elsewhere(table: StateTable, wanted: WantedTable) -> Iterator[Finding]:
    witness = table.witness.region if table.witness else None
    if set(table.regions) != set(wanted.replicas) or witness != wanted.witness:
        seen = f"Its replicas are in {', '.join(table.regions)}, its witness in {witness or 'no Region'}."
        yield refusal("regions_differ", seen, "Ask for those: AWS can't move a strongly consistent global table.")


def _not_to_be_made_strong(table: StateTable) -> Iterator[Finding]:
    if table.empty is False:
        seen = "It holds items and isn't strongly consistent across Regions."
        yield refusal("not_empty", seen, "Give another name: only an empty table can be made so.")
    if table.time_to_live:
        yield refusal("time_to_live_on", "Time to Live is on.", "Disable it: such a table can't have it.")
    if table.local_indexes:
        yield refusal("local_indexes", "It has local secondary indexes, which such a table can't have.", ANOTHER_NAME)


def steps(table: StateTable | None, wanted: WantedTable) -> list[Step]:
    """All that is to be done, in order; each but the first holds once the ones before have taken effect."""
    home = table.home.region if table else wanted.replicas[0]
    first = [] if table else [Step(Act.CREATE, home)]
    if table is None or table.consistency is None:
        first.append(Step(Act.MAKE_STRONG, home))
    have = {replica.region: replica for replica in (table.replicas if table else ())}
    settings = [step for region in wanted.replicas for step in _settings(have.get(region, Replica(region)), wanted)]
    return first + settings


def _settings(have: Replica, wanted: WantedTable) -> Iterator[Step]:
    if wanted.tags is not None:
        missing = tuple(sorted((key, value) for key, value in wanted.tags.items() if have.tags.get(key) != value))
        if missing:
            yield Step(Act.TAG, have.region, tags=missing)
        extra = tuple(sorted(set(have.tags) - set(wanted.tags)))
        if extra and wanted.purge_tags:
            yield Step(Act.UNTAG, have.region, keys=extra)
    if have.point_in_time_recovery != wanted.point_in_time_recovery:
        yield Step(Act.RECOVERY, have.region, on=wanted.point_in_time_recovery)
    if have.deletion_protection != wanted.deletion_protection:
        yield Step(Act.PROTECTION, have.region, on=wanted.deletion_protection)


def deletion_refusals(observed: Observed, force: bool) -> list[Finding]:
    """Why the table is not deleted; ``force`` overrides its protection and its items."""
    table, found = observed.table, list(_stray(observed))
    if table is None or force:
        return found
    remedy = "Make sure that no run is open and no record is needed any more, then say force=true."
    protected = [replica.region for replica in table.replicas if replica.deletion_protection]
    if protected:
        found.append(refusal("deletion_protected", f"It is protected in {', '.join(protected)}.", remedy))
    if table.empty is False:
        found.append(refusal("not_empty", "It holds locks or the records of runs.", remedy))
    return found


def deletion_steps(table: StateTable | None) -> list[Step]:
    """All that is to be done until the table is gone."""
    if table is None:
        return []
    home = table.home.region
    unprotect = [Step(Act.PROTECTION, each.region) for each in table.replicas if each.deletion_protection]
    return [*unprotect, *([Step(Act.REDUCE, home)] if len(table.replicas) > 1 else []), Step(Act.DELETE, home)]


def after(table: StateTable | None, done: Sequence[Step], wanted: WantedTable) -> StateTable | None:
    """The table once these steps have taken effect, for check mode."""
    for step in done:
        table = _after(table, step, wanted)
    return table


def _after(table: StateTable | None, step: Step, wanted: WantedTable) -> StateTable | None:
    if step.act is Act.CREATE:
        return StateTable(wanted.name, (Replica(step.region),), empty=True)
    if table is None or step.act is Act.DELETE:
        return None
    if step.act is Act.MAKE_STRONG:
        have = {replica.region: replica for replica in table.replicas}
        replicas = tuple(have.get(region, Replica(region)) for region in wanted.replicas)
        witness = Witness(wanted.witness) if wanted.witness else None
        return replace(table, replicas=replicas, witness=witness, consistency=Consistency.STRONG)
    if step.act is Act.REDUCE:
        return replace(table, replicas=(table.home,), witness=None, consistency=None)
    changed = (_set(each, step) if each.region == step.region else each for each in table.replicas)
    return replace(table, replicas=tuple(changed))


def _set(have: Replica, step: Step) -> Replica:
    if step.act is Act.RECOVERY:
        return replace(have, point_in_time_recovery=step.on)
    if step.act is Act.PROTECTION:
        return replace(have, deletion_protection=step.on)
    kept = {key: value for key, value in have.tags.items() if key not in step.keys}
    return replace(have, tags=kept | dict(step.tags))
