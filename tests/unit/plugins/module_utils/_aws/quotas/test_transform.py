# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.quotas.transform import quotas
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Quota


def test_global_quotas_are_left_out() -> None:
    shown = {"ServiceCode": "lambda", "QuotaName": "n", "Value": 5}
    found = quotas(
        [{**shown, "QuotaCode": "L-1", "GlobalQuota": False}, {**shown, "QuotaCode": "L-2", "GlobalQuota": True}]
    )
    assert found == (Quota("lambda", "L-1", "n", 5.0),)
