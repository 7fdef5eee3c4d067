# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No two tests share a lab, not even those of two checkouts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lab import claim, settings
from lab.client import LabError
from lab.data.processes import PidRecords
from lab.settings import Instance


@pytest.fixture(autouse=True)
def two_labs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "state_root", lambda: tmp_path)
    monkeypatch.setattr(claim, "FIRST", 243)
    monkeypatch.setattr(claim, "LAST", 244)


def test_a_lab_is_claimed_once_and_free_again_afterwards() -> None:
    with claim.claimed() as first, claim.claimed() as second:
        assert (first.id, second.id) == (243, 244)
        with pytest.raises(LabError, match="no lab from 243 to 244 is free"), claim.claimed():
            pass
    with claim.claimed() as again:
        assert again.id == 243


def test_a_lab_that_somebody_runs_is_left_alone() -> None:
    PidRecords(Instance(243).pid_dir).add("control", os.getpid())
    with claim.claimed() as ours:
        assert ours.id == 244
