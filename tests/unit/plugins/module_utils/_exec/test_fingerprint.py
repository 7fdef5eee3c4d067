# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.fingerprint import Fingerprints


def test_equal_values_have_equal_ids_and_others_others() -> None:
    ids = Fingerprints()
    assert ids.of("hunter2") == ids.of("hunter2") != ids.of("hunter3")


def test_nobody_can_look_a_value_up_by_its_id() -> None:
    assert Fingerprints().of("hunter2") != Fingerprints().of("hunter2")
