# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a run was asked for in words that mean something: a misspelt one would be passed over in silence."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal

LEFT_ALONE = ("ansible_", "awx_", "tower_")
"""How names begin that Ansible and its controllers give meaning to."""
OURS = ("aws_dr_", "dr_")
"""How our own options begin; an inventory may have more of them, for its own use."""
ALIKE, HARDLY_ANOTHER = 0.6, 0.85
"""How alike a known name must be to be suggested, and to make one of ours a misspelling."""

MISSPELT = 0.9
"""The same for a variable of the inventory: two letters that changed places, one too many or too few."""

WATCH = "aws_dr_watch"
"""What the watcher reads of an inventory, and no role."""

_WANTED = {"bool": "true or false", "float": "a number", "int": "a whole number"}


def name_findings(given: Collection[str], names: Sequence[str], options: Collection[str]) -> tuple[Finding, ...]:
    """A refusal for each extra variable in ``given`` that nobody reads.

    ``names`` are those a playbook reads itself, ``options`` those of its roles.
    """
    known = [*names, *options]
    found = []
    for name in sorted(set(given) - set(known)):
        near = difflib.get_close_matches(name, known, 1, HARDLY_ANOTHER if name.startswith(OURS) else ALIKE)
        if name.startswith(LEFT_ALONE) or (name.startswith(OURS) and not near):
            continue
        meant = f"Did you mean {near[0]}? " if near else ""
        remedy = f"{meant}This playbook takes {', '.join(names)}. A variable of your own belongs in the inventory."
        found.append(refusal("unknown_variable", f"Nothing reads the extra variable {name}.", remedy))
    return tuple(found)


def misspelt(found: Collection[str], options: Collection[str]) -> dict[str, str]:
    """Each of ``found`` that is nearly one of the ``options`` which isn't among them, and that one.

    A layer whose name is misspelt would be left out in silence.
    """
    missing = [name for name in options if name.startswith(OURS[0]) and name not in found]
    strange = [name for name in sorted(found) if name.startswith(OURS[0]) and name not in options]
    near = {name: difflib.get_close_matches(name, missing, 1, MISSPELT) for name in strange}
    return {name: meant[0] for name, meant in near.items() if meant}


def inventory_findings(near: Mapping[str, str], read: Collection[str]) -> tuple[Finding, ...]:
    """A refusal for each of the misspelt ones, but for those that something else reads."""
    return tuple(
        refusal("misspelt_variable", f"Nothing reads the variable {name}.", f"Did you mean {meant}? Correct it.")
        for name, meant in near.items()
        if name not in read
    )


def value_finding(name: str, shown: str, kind: str, choices: Sequence[str]) -> Finding:
    """What to say of a variable whose value doesn't fit; ``shown`` is that value, or a word in its place."""
    wanted = f"one of: {', '.join(choices)}" if choices else _WANTED.get(kind, f"a {kind}")
    return refusal("bad_value", f"{name} is {shown}.", f"Give {wanted}.")


OF_UNTAGGED = ("all", "untagged")
"""The tags that skip tasks without one."""


def tag_findings(run: Sequence[str], skip: Sequence[str]) -> tuple[Finding, ...]:
    """A refusal where parts were picked by tags: a run that lacks a part of itself is none that was thought of.

    No task of ours has a tag: to skip one of the user's own, as other tools do on every run, takes nothing out.
    """
    picked = [tag for tag in run if tag != "all"]
    left_out = [f"without {tag}" for tag in skip if tag in OF_UNTAGGED]
    if not picked and not left_out:
        return ()
    seen = f"Parts are picked by tags: {', '.join([*picked, *left_out])}."
    return (refusal("tags_given", seen, "Leave --tags and --skip-tags out: what is left of a run would be unsafe."),)


def play_findings(workloads: Collection[str]) -> tuple[Finding, ...]:
    """A refusal where the inventory has no workload: a play without hosts ends well and has done nothing."""
    if workloads:
        return ()
    remedy = "Name an inventory with -i; a host in it is a workload."
    return (refusal("no_workload", "No workload is in play: the inventory is empty.", remedy),)
