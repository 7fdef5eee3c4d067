# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
import time

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.background import Background
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock


def test_a_job_goes_on_beside_its_caller_until_it_has_an_outcome() -> None:
    may_end = threading.Event()
    job = Background("test", lambda: may_end.wait(5) and 42, SystemClock())
    assert job.outcome is None
    assert job.wait(0.01) is None
    may_end.set()
    outcome = job.wait(5)
    assert outcome is not None
    assert (outcome.value, outcome.error) == (42, None)
    assert job.outcome is outcome


def test_a_job_that_fails_hands_its_error_over() -> None:
    error = ValueError("no")

    def fail() -> None:
        raise error

    outcome = Background("test", fail, SystemClock()).wait(5)
    assert outcome is not None
    assert outcome.error is error


def test_a_job_that_hangs_holds_nobody_up() -> None:
    began = time.monotonic()
    job = Background("test", lambda: time.sleep(5), SystemClock())
    assert job.wait(0.05) is None
    assert time.monotonic() - began < 2
