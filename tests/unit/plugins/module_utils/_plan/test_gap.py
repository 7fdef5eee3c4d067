# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.probe import Sample
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.gap import Watch, after


def watched(*samples: tuple[float, str]) -> Watch:
    watch = Watch()
    for started, error in samples:
        watch = after(watch, Sample(started, started + 0.1, error, ()))
    return watch


def test_a_client_that_is_always_served_sees_no_gap() -> None:
    watch = watched((1, ""), (2, ""))
    assert (watch.samples, watch.failures, watch.longest, watch.gaps) == (2, 0, 0.0, ())


def test_a_gap_runs_from_the_first_failed_request_to_the_first_good_one() -> None:
    watch = watched((1, ""), (2, "no"), (3, "no"), (4.5, ""), (5, "x"), (6, ""))
    assert [each.seconds for each in watch.gaps] == [2.5, 1.0]
    assert (watch.longest, watch.failures, watch.last_error) == (2.5, 3, "x")


def test_a_gap_that_is_not_over_counts() -> None:
    assert watched((1, ""), (2, "no"), (9, "no")).longest == 9.1 - 2
