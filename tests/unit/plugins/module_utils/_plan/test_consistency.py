# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between objects, secrets, parameters and caches, and the table of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.consistency import Layer, LayerName, Line, worst
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.objects import ObjectState
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.parameter import Parameter
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import Replica, ReplicationStatus, Secret
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import Status
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.consistency import (
    cache_line,
    merged,
    object_difference,
    parameter_line,
    secret_line,
    table,
    unread,
)

SAME, DIFFERS, UNKNOWN = Status.SAME, Status.DIFFERS, Status.UNKNOWN
HERE = ObjectState("a", "v1", "e1", 3)
MARKER = ObjectState("a", "v2", deleted=True)
HOME, STANDBY = "eu-central-1", "eu-west-1"
STAGES = (("v1", ("AWSPREVIOUS",)), ("v2", ("AWSCURRENT",)))
PRIMARY = Secret(
    "db", HOME, "arn", "v2", replicas=(Replica(STANDBY, ReplicationStatus.IN_SYNC),), primary_region=HOME, stages=STAGES
)
REPLICA = Secret("db", STANDBY, "arn", "v2", primary_region=HOME, stages=STAGES)


def test_listings_are_put_side_by_side_in_the_order_of_bytes() -> None:
    first = [ObjectState(key, "v") for key in ("B", "a", "é")]
    second = [ObjectState(key, "v") for key in ("a", "b", "é", "🙂")]
    found = [((one or two).key, one is not None, two is not None) for one, two in merged(first, second)]  # type: ignore[union-attr]
    assert found == [
        ("B", True, False), ("a", True, True), ("b", False, True), ("é", True, True), ("🙂", False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "two", "how"),
    [
        (HERE, HERE, None),
        (HERE, replace(HERE, etag="e2"), None),  # the same version: encrypted with another key
        (HERE, replace(HERE, version_id="v9"), None),  # the same content, written to either side
        (HERE, replace(HERE, version_id="v9", etag="e2"), "content"),
        (replace(HERE, version_id="null"), replace(HERE, version_id="null", etag="e2"), "content"),
        (HERE, replace(HERE, version_id="v9", size=4), "content"),
        (HERE, None, "only_first"),
        (None, HERE, "only_second"),
        (MARKER, HERE, "marker"),
        (HERE, MARKER, "marker"),
        (MARKER, None, None),
        (MARKER, replace(MARKER, version_id="v3"), None),
    ],
)
def test_an_object_differs_where_its_reader_would_see_it(
    one: ObjectState | None, two: ObjectState | None, how: str | None
) -> None:
    found = object_difference(one, two)
    assert (found.how if found else None) == how


@pytest.mark.parametrize(
    ("first", "second", "status", "note"),
    [
        (PRIMARY, REPLICA, SAME, ""),
        (PRIMARY, None, DIFFERS, "second Region lacks it"),
        (None, None, DIFFERS, "neither"),
        (PRIMARY, replace(REPLICA, current_version="v1"), DIFFERS, "AWSCURRENT"),
        (PRIMARY, replace(REPLICA, stages=(("v2", ("AWSCURRENT",)),)), DIFFERS, "stages"),
        (PRIMARY, replace(REPLICA, stages=(*STAGES, ("v0", ()))), SAME, ""),
        (replace(PRIMARY, replicas=()), REPLICA, DIFFERS, "not replicated"),
        (
            replace(PRIMARY, replicas=(Replica(STANDBY, ReplicationStatus.FAILED, "no key"),)),
            REPLICA,
            DIFFERS,
            "no key",
        ),
        (PRIMARY, replace(REPLICA, deleted=True), DIFFERS, "deleted"),
    ],
)
def test_a_secret_is_the_same_by_versions_stages_and_status(
    first: Secret | None, second: Secret | None, status: Status, note: str
) -> None:
    line = secret_line("db", first, second)
    assert line.status is status and note in line.note


def parameters(**values: str) -> list[Parameter]:
    return [Parameter(f"/shop/{name}", "String", value) for name, value in values.items()]


def test_parameters_differ_by_name_type_and_value_and_no_value_is_told() -> None:
    first = [*parameters(a="1", b="secret-one", c="1"), Parameter("/shop/t", "String", "1")]
    second = [*parameters(a="1", b="secret-two", d="1"), Parameter("/shop/t", "SecureString", "1")]
    line = parameter_line("/shop", first, second, ({}, {}), str.upper, 10)
    assert line.examples == ("/shop/b (value)", "/shop/c (only_first)", "/shop/d (only_second)", "/shop/t (type)")
    assert (line.status, line.differing) == (DIFFERS, 4) and "secret" not in str(line)


@pytest.mark.parametrize(("there", "examples"), [("there", ()), ("x", ("/shop/e (not as overridden)",))])
def test_what_must_differ_is_held_against_what_it_must_be(there: str, examples: tuple[str, ...]) -> None:
    expected = ({"/shop/e": "here"}, {"/shop/e": "there"})
    line = parameter_line("/shop", parameters(e="here"), parameters(e=there), expected, str, 10)
    assert line.examples == examples


@pytest.mark.parametrize(
    ("counts", "sampled", "status", "differing"),
    [
        ((100, 100), {"k": ("a", "a")}, SAME, 0),
        ((100, 101), {"k": ("a", "a")}, SAME, 0),
        ((100, 110), {"k": ("a", "a")}, DIFFERS, 1),
        ((100, 100), {"k": ("a", "b"), "l": ("a", "a")}, DIFFERS, 1),
        ((0, 0), {}, SAME, 0),
        ((100, 100), {}, UNKNOWN, 0),
    ],
)
def test_a_cache_is_the_same_by_number_and_sample(
    counts: tuple[int, int], sampled: dict[str, tuple[str, str]], status: Status, differing: int
) -> None:
    line = cache_line("c", counts, sampled, 1, 10)
    assert (line.status, line.differing) == (status, differing)


def test_a_difference_outweighs_the_unknown_and_nothing_compared_is_unknown() -> None:
    assert worst([SAME, UNKNOWN, DIFFERS]) is DIFFERS
    assert worst([SAME, UNKNOWN]) is UNKNOWN
    assert worst([SAME]) is SAME
    assert worst([]) is UNKNOWN


def test_the_table_has_what_differs_first_and_says_unknown_where_nothing_is_known() -> None:
    lines = (
        Line("public.a", SAME, (3, 3)),
        Line("public.b", DIFFERS, (9, 8), 5, ("id=1 (changed)", "id=2 (changed)", "id=3 (changed)", "id=4 (changed)")),
    )
    shown = table(
        [Layer(LayerName.DATABASE, lines), unread(LayerName.CACHE, "all of it", "no answer")], (HOME, STANDBY)
    )
    assert shown[0].split() == ["layer", "what", "status", HOME, STANDBY, "differing"]
    assert shown[1].split() == ["database", "public.b", "differs", "9", "8", "5"]
    assert shown[2:6] == ["    id=1 (changed)", "    id=2 (changed)", "    id=3 (changed)", "    and 2 more"]
    assert shown[7].split() == ["cache", "all", "of", "it", "unknown", "unknown", "unknown"]
    assert shown[8] == "    no answer"
