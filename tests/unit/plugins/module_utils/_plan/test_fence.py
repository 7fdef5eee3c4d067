# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import (
    AclEntry,
    Attempt,
    Before,
    Compute,
    ComputeKind,
    FenceState,
    Method,
    NetworkAcl,
    Proved,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import Event, EventState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.fence import (
    AclChange,
    Rules,
    acl_state,
    additions,
    before_by,
    check_acls,
    check_request,
    compute_state,
    judge,
    not_restorable,
    overall,
    removals,
    standing,
    to_restore,
    to_stop,
)

PORT = 5432
RULES = Rules(PORT, 1)
ANYWHERE = "0.0.0.0/0"
ALLOW_IN, ALLOW_OUT = (AclEntry(100, egress, True, "-1", ANYWHERE) for egress in (False, True))
DENY_IN, DENY_OUT = RULES.deny(1, False, False), RULES.deny(1, True, False)
F, U, P, K, O = (  # noqa: E741
    FenceState.FENCED,
    FenceState.UNFENCED,
    FenceState.PARTIAL,
    FenceState.UNKNOWN,
    FenceState.OWED,
)


def acl(*entries: AclEntry, name: str = "acl-1", subnets: tuple[str, ...] = ("db-a", "db-b")) -> NetworkAcl:
    return NetworkAcl(name, subnets, entries)


OPEN = acl(ALLOW_IN, ALLOW_OUT)


def missing(*acls: NetworkAcl, rules: Rules = RULES) -> list[str]:
    return [f"{change.acl}: {change.entry}" for change in additions(acls, rules)[0]]


def test_both_directions_of_every_acl_are_denied_the_way_in_first() -> None:
    assert missing(OPEN, acl(ALLOW_IN, ALLOW_OUT, name="acl-2")) == [
        "acl-1: in 1 deny 6 0.0.0.0/0 5432-5432",
        "acl-1: out 1 deny 6 0.0.0.0/0 0-65535",
        "acl-2: in 1 deny 6 0.0.0.0/0 5432-5432",
        "acl-2: out 1 deny 6 0.0.0.0/0 0-65535",
    ]


def test_what_is_denied_already_is_left_alone() -> None:
    assert missing(acl(DENY_IN, DENY_OUT, ALLOW_IN, ALLOW_OUT)) == []
    assert missing(acl(DENY_IN, ALLOW_IN, ALLOW_OUT)) == ["acl-1: out 1 deny 6 0.0.0.0/0 0-65535"]


def test_ipv6_is_denied_where_something_lets_it_through() -> None:
    v6 = AclEntry(101, False, True, "6", "::/0", 0, 65535)
    assert [entry for entry in missing(acl(ALLOW_IN, ALLOW_OUT, v6)) if "::/0" in entry] == [
        "acl-1: in 2 deny 6 ::/0 5432-5432",
        "acl-1: out 2 deny 6 ::/0 0-65535",
    ]


def test_a_number_that_is_taken_is_passed_over_in_its_direction_only() -> None:
    foreign = AclEntry(1, False, False, "6", "192.0.2.0/24", 22, 22)
    assert missing(acl(foreign, ALLOW_IN, ALLOW_OUT)) == [
        "acl-1: in 2 deny 6 0.0.0.0/0 5432-5432",
        "acl-1: out 1 deny 6 0.0.0.0/0 0-65535",
    ]


def test_an_entry_behind_one_that_lets_clients_through_fences_nothing() -> None:
    early = AclEntry(3, False, True, "6", "10.0.0.0/8", PORT, PORT)
    late = RULES.deny(5, False, False)
    assert acl_state([acl(early, late, DENY_OUT)], RULES) is P
    assert missing(acl(early, late, DENY_OUT)) == ["acl-1: in 1 deny 6 0.0.0.0/0 5432-5432"]


@pytest.mark.parametrize(
    "harmless",
    [
        AclEntry(1, False, True, "6", ANYWHERE, 22, 22),
        AclEntry(1, False, True, "17", ANYWHERE),
        AclEntry(1, False, False, "-1", "192.0.2.0/24"),
    ],
)
def test_a_rule_in_front_that_lets_no_client_through_is_no_obstacle(harmless: AclEntry) -> None:
    assert missing(acl(harmless, ALLOW_IN, ALLOW_OUT))[0] == "acl-1: in 2 deny 6 0.0.0.0/0 5432-5432"


def test_where_no_number_of_ours_comes_first_that_is_said() -> None:
    changes, findings = additions([OPEN], Rules(PORT, 200))
    assert (changes, [finding.code for finding in findings]) == ((), ["no_rule_number"] * 2)
    assert "rule 100" in findings[0].observed


def test_taking_down_removes_ours_and_nothing_else() -> None:
    foreign = [
        AclEntry(2, False, False, "6", ANYWHERE, 22, 22),
        AclEntry(50, False, False, "6", ANYWHERE, PORT, PORT),
        AclEntry(3, True, False, "-1", ANYWHERE),
    ]
    assert removals([acl(DENY_IN, *foreign, ALLOW_IN, ALLOW_OUT)], RULES) == (AclChange("acl-1", DENY_IN),)


@pytest.mark.parametrize(
    ("entries", "state"),
    [
        ((ALLOW_IN, ALLOW_OUT), U),
        ((DENY_IN, ALLOW_IN, ALLOW_OUT), P),
        ((DENY_IN, DENY_OUT, ALLOW_IN, ALLOW_OUT), F),
    ],
)
def test_the_state_is_that_of_all_ways(entries: tuple[AclEntry, ...], state: FenceState) -> None:
    assert acl_state([acl(*entries)], RULES) is state


def test_one_open_acl_is_not_fenced_and_no_acl_at_all_is_not_either() -> None:
    fenced = acl(DENY_IN, DENY_OUT, ALLOW_IN, ALLOW_OUT)
    assert acl_state([fenced, acl(ALLOW_IN, ALLOW_OUT, name="acl-2")], RULES) is P
    assert acl_state([], RULES) is U


class TestAcls:
    def codes(self, *acls: NetworkAcl, shared: bool = False, subnets: tuple[str, ...] = ("db-a", "db-b")) -> list[str]:
        findings = check_acls(acls, subnets, shared, additions(acls, RULES)[0])
        return [f"{finding.severity.value} {finding.code}" for finding in findings]

    def test_an_acl_of_the_databases_own_is_fine(self) -> None:
        assert self.codes(OPEN) == []

    @pytest.mark.parametrize(("shared", "found"), [(False, "refuse acl_shared"), (True, "warn acl_shared")])
    def test_a_shared_one_is_refused_unless_it_is_accepted(self, shared: bool, found: str) -> None:
        assert self.codes(acl(ALLOW_IN, subnets=("db-a", "db-b", "app")), shared=shared) == [found]

    def test_a_subnet_without_an_acl_is_refused(self) -> None:
        assert self.codes(acl(ALLOW_IN, subnets=("db-a",))) == ["refuse no_network_acl"]
        assert self.codes(subnets=()) == ["refuse no_network_acl"]

    def test_a_full_one_is_warned_of(self) -> None:
        many = [AclEntry(number, False, True, "6", "192.0.2.0/24", 443, 443) for number in range(100, 120)]
        assert self.codes(acl(*many)) == ["warn acl_full"]


@pytest.mark.parametrize(
    ("methods", "compute", "hook", "first", "code"),
    [
        ([], None, None, 1, "no_method"),
        ([Method.COMPUTE], (), None, 1, "method_not_described"),
        ([Method.HOOK], (), None, 1, "method_not_described"),
        ([Method.NETWORK_ACL], (), None, 0, "bad_rule_number"),
        ([Method.NETWORK_ACL], (), None, 32760, "bad_rule_number"),
    ],
)
def test_a_wrong_request_is_refused(
    methods: list[Method], compute: object, hook: object, first: int, code: str
) -> None:
    assert [finding.code for finding in check_request(methods, compute, hook, first)] == [code]


class TestCompute:
    service = Compute(ComputeKind.ECS, "api", "shop", desired=3)
    group = Compute(ComputeKind.ASG, "workers", desired=2, minimum=1, maximum=4)
    function = Compute(ComputeKind.LAMBDA, "mail")
    everything = (service, group, function)

    def test_all_is_set_to_nothing_and_what_is_stopped_left_alone(self) -> None:
        stopped = to_stop(self.everything)
        assert [(each.desired, each.minimum, each.maximum) for each in stopped] == [
            (0, None, None),
            (0, 0, 0),
            (0, None, None),
        ]
        assert to_stop(stopped) == ()

    def test_what_was_stopped_is_set_as_it_was_before(self) -> None:
        assert to_restore(to_stop(self.everything), Before(compute=self.everything)) == self.everything

    def test_what_runs_again_is_left_as_somebody_has_set_it(self) -> None:
        scaled = Compute(ComputeKind.ECS, "api", "shop", desired=7)
        assert to_restore([scaled], Before(compute=self.everything)) == ()

    def test_what_nobody_knows_how_it_was_is_named(self) -> None:
        (finding,) = not_restorable([self.service.stopped()], Before())
        assert "api" in finding.observed
        assert to_restore([self.service.stopped()], Before()) == ()

    @pytest.mark.parametrize(
        ("stopped", "sessions", "state"), [(True, 0, F), (True, 2, P), (True, None, P), (False, 0, U)]
    )
    def test_it_is_fenced_once_nothing_runs_and_no_session_is_left(
        self, stopped: bool, sessions: int | None, state: FenceState
    ) -> None:
        running = to_stop(self.everything) if stopped else self.everything
        assert compute_state(running, sessions) is state

    def test_it_survives_its_way_through_a_result(self) -> None:
        assert [Compute.from_dict(each.as_dict()) for each in self.everything] == list(self.everything)


REFUSED, ACCEPTED, UNCLEAR = Attempt(False, "refused"), Attempt(True, "accepted"), Attempt(None, "no secret")


@pytest.mark.parametrize(
    ("reached", "writes", "api", "proved"),
    [
        (True, [REFUSED, REFUSED], None, Proved.TRUE),
        (True, [REFUSED], Attempt(False, "503"), Proved.TRUE),
        (True, [REFUSED, ACCEPTED], None, Proved.FALSE),
        (True, [REFUSED], Attempt(True, "200"), Proved.FALSE),
        (True, [REFUSED, UNCLEAR], None, Proved.UNKNOWN),
        (False, [REFUSED], None, Proved.UNKNOWN),
        (None, [REFUSED], None, Proved.UNKNOWN),
        (True, [], None, Proved.UNKNOWN),
    ],
)
def test_only_writes_that_fail_where_they_could_have_succeeded_prove_a_fence(
    reached: bool | None, writes: list[Attempt], api: Attempt | None, proved: Proved
) -> None:
    assert judge(Method.NETWORK_ACL, reached, writes, api, None)[0] is proved


@pytest.mark.parametrize(
    ("sessions", "api", "proved"),
    [
        (0, None, Proved.TRUE),
        (1, None, Proved.FALSE),
        (None, None, Proved.UNKNOWN),
        (0, Attempt(True, "200"), Proved.FALSE),
    ],
)
def test_stopped_compute_is_proved_by_sessions(sessions: int | None, api: Attempt | None, proved: Proved) -> None:
    assert judge(Method.COMPUTE, True, [], api, sessions)[0] is proved


@pytest.mark.parametrize(
    ("states", "changed", "proved", "state"),
    [
        ([F], True, Proved.TRUE, F),
        ([F], True, Proved.UNKNOWN, F),
        ([F], True, Proved.FALSE, P),
        ([P, F], True, Proved.TRUE, F),
        ([F, K], True, Proved.FALSE, P),
        ([P], True, Proved.UNKNOWN, P),
        ([K], True, Proved.UNKNOWN, K),
        ([K], False, Proved.UNKNOWN, O),
        ([U], False, Proved.UNKNOWN, O),
    ],
)
def test_unknown_is_not_fenced(states: list[FenceState], changed: bool, proved: Proved, state: FenceState) -> None:
    assert overall(states, changed, proved) is state


@pytest.mark.parametrize(("states", "state"), [([U, F], F), ([U, P], P), ([U, K], K), ([U, U], U)])
def test_where_nothing_is_changed_one_method_that_stands_is_enough(states: list[FenceState], state: FenceState) -> None:
    assert standing(states) is state


def noted(step: str, state: EventState, **before: Any) -> Event:
    return Event("shop-1", 1, 0.0, step, state, seen={"before": before} if before else {})


@pytest.mark.parametrize(
    ("events", "known"),
    [
        ((), {}),
        ((noted("fence_hook", EventState.STARTED, reached=True),), {"reached": True, "compute": []}),
        (
            (
                noted("fence_network_acl", EventState.STARTED, reached=True, compute=[]),
                noted("fence_compute", EventState.STARTED, reached=False, compute=["three"]),
                noted("fence_compute", EventState.STARTED, reached=False, compute=["none"]),
            ),
            {"reached": True, "compute": ["three"]},
        ),
        (
            (
                noted("fence_compute", EventState.STARTED, reached=True, compute=["three"]),
                noted("unfence_compute", EventState.FAILED),
            ),
            {"reached": True, "compute": ["three"]},
        ),
        (
            (
                noted("fence_compute", EventState.STARTED, reached=True, compute=["three"]),
                noted("unfence_compute", EventState.DONE),
            ),
            {},
        ),
        ((noted("promote_database", EventState.STARTED, reached=True),), {}),
    ],
)
def test_what_was_before_is_what_was_noted_first_until_it_is_lifted(
    events: tuple[Event, ...], known: dict[str, Any]
) -> None:
    assert before_by(events) == known
