# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "extensions")]
os.chdir(HERE.parents[1])
os.environ["PYTHONPATH"] = str(HERE.parents[1] / "extensions")
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

from playing import LabUnderTest, lab_under_test  # the path to it is set above


@pytest.fixture(scope="session")
def running_lab() -> Iterator[LabUnderTest]:
    with lab_under_test() as lab:
        yield lab


@pytest.fixture
def lab(running_lab: LabUnderTest) -> LabUnderTest:
    """A lab in its seeded state: home writes, nothing is broken."""
    running_lab.run("reset")
    return running_lab
