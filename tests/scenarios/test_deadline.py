# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call in a black hole: the task ends by its deadline, and the next starts on time."""

from __future__ import annotations

from playing import LabUnderTest

# The deadline is 1 s. An executor that joins its threads took 15 s here; botocore alone waits 8 s for an answer.
ON_TIME = 3.0


def test_a_black_hole_does_not_delay_the_next_task(lab: LabUnderTest) -> None:
    lab.run("fault", "api", "black_hole", "--service", "s3", "--region", "eu-west-3")
    played = lab.play("ansible-playbook", "tests/scenarios/deadline.yml", "-i", "localhost,")
    assert played.status == 0, played.output
    assert played.summary["ran"] == ["in process", "in process"]
    assert played.summary["seconds_between"] < ON_TIME
    assert "unknown" in str(played.summary["latch"])
