# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

"""A run as the state table has it: a failover that was killed once and carried on."""

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import (
    Event,
    EventState,
    Outcome,
    RunKind,
    RunRecord,
)

T = 1_790_000_000.0
SUMMARY: dict[str, Any] = {
    "rto_seconds": 11.602,
    "rto_origin": "the first failed sample of an outside probe, as it was given (first_failure)",
    "rpo_seconds": 100.69,
    "rpo_known_as": "bounded",
    "rpo_basis": "AuroraGlobalDBRPOLag was 0.00 s",
    "objectives": {"rto_seconds": 900.0, "rpo_seconds": 60.0},
    "marks": {
        "first_failure": T,
        "run_started": T + 5.4,
        "decided": T + 6.2,
        "fenced": T + 8.0,
        "writer_proved": T + 9.0,
        "traffic_switched": T + 10.5,
        "first_success": T + 10.6,
        "ttl_tail_until": T + 11.602,
    },
    "lines": ["shop: eu-west-1 writes now"],
    "owed": ["eu-central-1 is no standby yet"],
    "way_back": "ansible-playbook multiregion.aws_dr.failover -e target=eu-central-1",
    "evidence": {
        "waits": [{"name": "writer proved", "started": T + 8.2, "ended": T + 9.0}],
        "probe": {
            "samples": 9,
            "failures": 1,
            "first_failure": T + 10.4,
            "first_success": T + 10.6,
            "ttl_tail_until": T + 11.602,
            "last_error": "the name resolves to <192.0.2.10>",
            "answers": [
                {
                    "resolver": "127.0.0.53:53",
                    "addresses": ["198.51.100.10"],
                    "ttl": 1,
                    "first_seen": T + 10.5,
                    "last_seen": T + 12.0,
                }
            ],
            "series": {"began": T + 10.4, "width": 0.1, "slots": [[0, 0, 1, 0.2], [2, 4, 0, 0.03], [9, 4, 0, 0.02]]},
        },
    },
}
DETAILS: dict[str, Any] = {
    "ledger": {
        "first_failure": T,
        "run_started": T + 5.4,
        "lags": [{"seconds": 0.06, "source": "AuroraGlobalDBRPOLag", "minute": T - 60}],
        "lines": ["database: at most 100.69 s"],
    },
    "source": "eu-central-1",
    "findings": [{"code": "region_unreadable", "severity": "warn", "observed": "no answer", "remedy": "Mend it."}],
    "plan": [{"name": "promote_database", "gate": "ready", "way_back": "none", "point_of_no_return": True}],
}


def record(**changed: Any) -> RunRecord:
    values: dict[str, Any] = {
        "id": "shop-20261130T160346Z-5d54",
        "kind": RunKind.FAILOVER,
        "workload": "shop",
        "lock": "shop",
        "mode": "unplanned",
        "target": "eu-west-1",
        "reason": "it <b>burns</b> & {{ 7 * 7 }}",
        "initiated_by": "ada",
        "approved_by": "grace | root",
        "opened_at": T + 6.0,
        "fence": 2,
        "resumed": 1,
        "outcome": Outcome.DEGRADED,
        "closed_at": T + 14.0,
        "details": DETAILS,
        "summary": SUMMARY,
    }
    return RunRecord(**{**values, **changed})


def event(at: float, step: str, state: EventState, fence: int = 2, **seen: Any) -> Event:
    calls = (Call("rds", "FailoverGlobalCluster", "eu-west-1"),) if step == "promote_database" else ()
    error = str(seen.pop("error", ""))
    return Event("shop-1", fence, T + at, step, state, calls, seen, error)


EVENTS = (
    event(7.0, "scale_compute", EventState.STARTED, fence=1),
    event(8.0, "resume", EventState.NOTE, by="ada"),
    event(8.1, "scale_compute", EventState.ALREADY),
    event(8.2, "promote_database", EventState.STARTED, before={"writer": "eu-central-1"}),
    event(8.3, "promote_database", EventState.DONE, answer="taken in"),
    event(9.5, "promote_cache", EventState.STARTED),
    event(9.9, "promote_cache", EventState.FAILED, error="DrError: </table> no answer"),
)
