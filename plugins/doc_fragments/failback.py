# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the modules need to know that look at the way home."""

from __future__ import annotations


class ModuleDocFragment:
    """Used by ``extends_documentation_fragment: multiregion.aws_dr.failback``."""

    DOCUMENTATION = r"""
options:
  workload:
    description: The workload that goes home.
    type: str
    required: true
  home:
    description: The Region that it goes home to.
    type: str
    required: true
  standby:
    description: The Region that it comes from.
    type: str
    required: true
  database:
    required: true
  api_url:
    description: Health URL of the home Region's own API, a witness of how that Region is.
    type: str
  table:
    description:
      - Name of the state table, with the fence of the home Region and the history of runs. It is read in O(standby),
        and as a witness in O(home).
      - Without it neither fence nor lost writes are known of.
    type: str
    default: ""
  latch:
    description: The latch's object in O(home), read as a witness of how S3 is there. It need not exist.
    type: dict
    suboptions:
      bucket:
        description: Name of the bucket.
        type: str
        required: true
      key:
        description: Key of the object.
        type: str
        required: true
  global_replication_group_id:
    description: Identifier of the global datastore, where the cache has to follow.
    type: str
  accept_unreconciled:
    description:
      - Goes home although writes that a failover lost have not been reconciled. The old primary's data, in which they
        could be found, may be gone then.
      - Needs O(reason), and is on record.
    type: bool
    default: false
  reason:
    description: Why that is accepted.
    type: str
    default: ""
"""
