# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """The database whose writer is proved before traffic moves."""

    DOCUMENTATION = r"""
options:
  database:
    description:
      - The database whose writer is proved, by a real committed write through the cluster endpoint.
      - The proof is one row in the table C(aws_dr_writer_proof), which is created when it is missing.
    type: dict
    suboptions:
      global_cluster_id:
        description: Identifier of the Aurora global cluster.
        type: str
        required: true
      name:
        description: Name of the database to connect to.
        type: str
        required: true
      secret_id:
        description:
          - Name or ARN of the Secrets Manager secret that holds C(username) and C(password).
          - It is read in the Region whose database is asked, so its replica must exist there.
        type: str
        required: true
      sslmode:
        description: How libpq secures the connection.
        type: str
        default: require
        choices: [disable, allow, prefer, require, verify-ca, verify-full]
      sslrootcert:
        description:
          - File with the certificates to trust, for O(database.sslmode=verify-ca) and O(database.sslmode=verify-full).
        type: path
"""
