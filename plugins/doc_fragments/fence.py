# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """How a Region is fenced."""

    DOCUMENTATION = r"""
options:
  methods:
    description:
      - How to fence, in the order in which they are tried.
      - V(network_acl) adds deny entries, inbound for the database's port and outbound for TCP, to every network ACL of
        the database's subnets. ACLs are stateless, so live connections stop, which they don't when the rule of a
        security group is revoked. Traffic within a subnet passes no ACL, so nothing else must live in the database's
        subnets. Aurora's replication doesn't pass them either and goes on.
      - V(compute) stops what is listed in O(compute), then ends the sessions of clients in the database until none
        comes back.
      - V(hook) runs O(hook).
    type: list
    elements: str
    choices: [network_acl, compute, hook]
    default: [network_acl]
  first_rule:
    description:
      - The first of ten rule numbers that are kept for this module in every ACL of the database's subnets. They must
        come before every rule that lets clients through.
      - A deny entry of this module's shape with one of these numbers is taken for one of its own.
    type: int
    default: 1
  allow_shared_acl:
    description:
      - Fences also where an ACL governs other subnets than the database's, and so cuts off more than the database.
    type: bool
    default: false
  compute:
    description: What runs the application, for O(methods=compute).
    type: dict
    suboptions:
      ecs_services:
        description: Services whose desired count is set to 0.
        type: list
        elements: dict
        default: []
        suboptions:
          cluster:
            description: The cluster's name.
            type: str
            required: true
          service:
            description: The service's name.
            type: str
            required: true
      auto_scaling_groups:
        description: Groups whose sizes are set to 0.
        type: list
        elements: str
        default: []
      functions:
        description: Lambda functions whose reserved concurrency is set to 0.
        type: list
        elements: str
        default: []
  hook:
    description: A command of your own, for O(methods=hook).
    type: dict
    suboptions:
      command:
        description:
          - The command and its arguments. No shell sees it.
          - It gets a JSON object on its standard input, with C(state) (C(fenced) or C(unfenced)), C(region),
            C(global_cluster_id), C(cluster), C(endpoint) and C(port), the last three null where the Region gave no
            answer.
          - Exit status 0 means that it is so. What it prints is not kept.
        type: list
        elements: str
        required: true
      timeout:
        description: Seconds after which it is killed, with the processes that it has started.
        type: float
        default: 15.0
  api_url:
    description: A URL of the Region's API that answers 2xx only while writes work. It must fall silent for a proof.
    type: str
"""
