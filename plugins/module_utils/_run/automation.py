# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kill switch of automation, as a person sets it, and what is shown of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.trigger import EVERY_WORKLOAD, KillSwitch

TRIES = 5


@dataclass(frozen=True)
class Set:
    """The switch as it was and as it is, or in check mode would be. ``changed``: they aren't the same."""

    before: KillSwitch | None
    after: KillSwitch
    changed: bool


def set_switch(wanted: KillSwitch, store: Store, check_mode: bool) -> Set:
    """Engage or release it. As it is already, it keeps who did so first. Raises ``DrError``."""
    for _try in range(TRIES):
        seen = store.read_switch(wanted.scope)
        if (seen is not None and seen.engaged) == wanted.engaged:
            return Set(seen, seen or wanted, False)
        if check_mode or store.write_switch(wanted, seen):
            return Set(seen, wanted, True)
    raise DrError(
        f"Setting the kill switch of {wanted.scope}",
        f"it was changed by others {TRIES} times meanwhile",
        "Agree with them who sets it, and run it again.",
    )


def read_automation(workload: str, store: Store) -> dict[str, Any]:
    """What stands in the table, as it is shown. What can't be read is said so, and stops nothing else."""
    try:
        switches = [store.read_switch(scope) for scope in (EVERY_WORKLOAD, workload)]
        decisions = store.read_decisions(workload)
    except DrError as error:
        return {"switches": [], "decision": None, "unread": f"{error.tried}: {error.seen}"}
    return {
        "switches": [each.as_dict() for each in switches if each is not None],
        "decision": decisions[0].as_dict() if decisions else None,
        "unread": "",
    }
