# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module with its layers stood in for: which are compared, and what becomes of one that can't be."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.consistency import Layer, LayerName, Line
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.tables import Status
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import consistency
from ansible_collections.multiregion.aws_dr.plugins.modules.data_consistency_info import LAYERS, execute

HOME, STANDBY = "eu-central-1", "eu-west-1"
FUNCTIONS = {
    "database": "compare_databases",
    "buckets": "compare_buckets",
    "secrets": "compare_secrets",
    "parameters": "compare_parameters",
    "cache": "compare_caches",
}


def bucket(name: str, region: str) -> dict[str, str]:
    return {"bucket": name, "region": region}


A, B = bucket("a", HOME), bucket("b", STANDBY)
ALL: dict[str, Any] = {
    "database": {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db"},
    "buckets": {"pairs": [{"source": B, "destination": A}, {"source": A, "destination": B}]},
    "secrets": ["shop/db"],
    "parameters": {"paths": ["/shop"]},
    "cache": {"global_replication_group_id": "shop"},
}


class Stand:
    """Answers for every layer; ``given`` is what each was asked with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.given: dict[str, Any] = {}
        self.answers: dict[str, Any] = {}
        for name, function in FUNCTIONS.items():
            monkeypatch.setattr(consistency, function, self._layer(name))

    def _layer(self, name: str) -> Any:
        def compare(*given: Any) -> Layer:
            self.given[name] = given
            answer = self.answers.get(name, Status.SAME)
            if isinstance(answer, Exception):
                raise answer
            return Layer(LayerName(name), (Line(name, answer, (1, 1)),))

        return compare


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Stand:
    return Stand(monkeypatch)


def compare(**given: Any) -> dict[str, Any]:
    options = {
        "regions": [HOME, STANDBY],
        "layers": LAYERS,
        "tables": [],
        "exclude_tables": [],
        "max_rows": 10,
        "shown": 5,
        "marker": False,
        "sample": 10,
        "resolvers": [],
        **dict.fromkeys(LAYERS),
        **(given or ALL),
    }
    clock = SystemClock()
    context = Context(False, False, clock, Deadline.after(clock, 5), None, silent, silent)  # type: ignore[arg-type]
    result = execute(options, context)
    assert result.changed is False and result.calls == ()
    return dict(result.values)


def test_all_that_is_described_is_compared(stand: Stand) -> None:
    values = compare()
    assert values["status"] == "same"
    assert list(values["layers"]) == LAYERS and len(values["lines"]) == 1 + len(LAYERS)


def test_only_what_is_asked_for_is_compared(stand: Stand) -> None:
    assert list(compare(**{**ALL, "layers": ["secrets"]})["layers"]) == ["secrets"]


def test_a_pair_of_buckets_is_compared_once_with_the_first_regions_first(stand: Stand) -> None:
    compare()
    [(first, second)] = stand.given["buckets"][0]
    assert (first.name, second.name) == ("a", "b")


@pytest.mark.parametrize(
    "error", [DrError("Asking", "no answer", "Try again."), EndpointConnectionError(endpoint_url="https://x")]
)
def test_a_layer_that_cannot_be_asked_is_unknown_and_costs_the_others_nothing(stand: Stand, error: Exception) -> None:
    stand.answers["database"] = error
    values = compare()
    assert values["status"] == "unknown" and values["layers"]["database"]["status"] == "unknown"
    assert {layer["status"] for name, layer in values["layers"].items() if name != "database"} == {"same"}


def test_a_bug_is_not_taken_for_an_answer(stand: Stand) -> None:
    stand.answers["cache"] = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        compare()


def test_what_differs_outweighs_what_is_unknown(stand: Stand) -> None:
    stand.answers |= {"database": DrError("Asking", "no", ""), "secrets": Status.DIFFERS}
    assert compare()["status"] == "differs"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"regions": [HOME]}, "regions_wrong"),
        ({"regions": [HOME, HOME]}, "regions_wrong"),
        ({"layers": []}, "nothing_to_compare"),
        (dict.fromkeys(LAYERS), "nothing_to_compare"),
        ({"shown": -1}, "number_wrong"),
    ],
)
def test_a_request_that_cannot_be_right_is_refused(stand: Stand, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        compare(**{**ALL, **given})
