# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name inside the controller."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.modules import rds_global_cluster_rejoin
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.action import InProcessAction


class ActionModule(InProcessAction):
    main = staticmethod(rds_global_cluster_rejoin.main)
