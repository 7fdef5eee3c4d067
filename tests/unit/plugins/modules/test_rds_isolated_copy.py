# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole life of an isolated copy on a small AWS: made, proved, removed; and carried on after any interruption."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import WriterProof
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import (
    COPY_TAG,
    RUN_TAG,
    CopyReads,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import isolated_copy as work
from ansible_collections.multiregion.aws_dr.plugins.modules import rds_isolated_copy as module

from .regional import HOME, STANDBY, Bench, RegionalAws, error

SOURCE, COPY = f"shop-{STANDBY}", "aws-dr-drill-shop"
SNAPSHOT = "lost-shop-2026-11-30-16-03-22"
DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": None, "sslrootcert": None}
DEFAULTS: dict[str, Any] = {
    "state": "present",
    "region": STANDBY,
    "workload": "shop",
    "source": None,
    "name": COPY,
    "instance_class": None,
    "snapshot": None,
    "subnet_group": None,
    "database": DATABASE,
    "made_by": "",
    "poll_interval": 5.0,
    "resolvers": [],
    "timeout": 2400.0,
}
TAKES = 12.0  # seconds until a cluster or an instance is available, or gone


class Aws(RegionalAws):
    """RDS with a global cluster of two members; whatever is begun takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.writer, self.group = HOME, "db"
        self.clusters: dict[str, dict[str, Any]] = {}
        self.instances: dict[str, dict[str, Any]] = {}
        self.due: dict[str, float] = {}
        self.add_cluster(SOURCE, DBSubnetGroup="db", VpcSecurityGroups=[{"VpcSecurityGroupId": "sg-1"}])
        self.add_instance(f"{SOURCE}-1", SOURCE, "db.r6g.2xlarge")

    def add_cluster(self, name: str, **values: Any) -> dict[str, Any]:
        self.clusters[name] = {
            "DBClusterArn": f"arn:aws:rds:{STANDBY}:1:cluster:{name}",
            "Endpoint": f"{name}.example",
            "ReaderEndpoint": f"{name}.ro.example",
            "Port": 5432,
            "Status": "available",
            "Engine": "aurora-postgresql",
            "EngineVersion": "16.4",
            **values,
        }
        return self.clusters[name]

    def add_instance(self, name: str, cluster: str, kind: str, status: str = "available") -> dict[str, Any]:
        self.instances[name] = {
            "DBInstanceIdentifier": name,
            "DBClusterIdentifier": cluster,
            "DBInstanceClass": kind,
            "DBInstanceStatus": status,
        }
        return self.instances[name]

    def _settle(self) -> None:
        for name, at in list(self.due.items()):
            if at > self.clock.now:
                continue
            del self.due[name]
            for table, field in ((self.clusters, "Status"), (self.instances, "DBInstanceStatus")):
                if name in table and table[name][field] == "deleting":
                    del table[name]
                elif name in table and table[name][field] == "creating":
                    table[name][field] = "available"

    def _begin(self, name: str) -> None:
        self.due[name] = self.clock.now + TAKES

    # -- what RDS answers

    def describe_db_clusters(self, region: str) -> Any:
        self._settle()
        return {"DBClusters": list(self.clusters.values()) if region == STANDBY else []}

    def describe_db_instances(self, region: str) -> Any:
        return {"DBInstances": list(self.instances.values()) if region == STANDBY else []}

    def describe_global_clusters(self, _region: str, GlobalClusterIdentifier: str) -> Any:  # noqa: N803 - boto3's
        arns = {each: f"arn:aws:rds:{each}:1:cluster:shop-{each}" for each in (HOME, STANDBY)}
        members = [{"DBClusterArn": arn, "IsWriter": each == self.writer} for each, arn in arns.items()]
        return {
            "GlobalClusters": [{"GlobalClusterIdentifier": GlobalClusterIdentifier, "GlobalClusterMembers": members}]
        }

    def restore_db_cluster_to_point_in_time(self, region: str, **given: Any) -> Any:
        assert (region, given["RestoreType"], given["SourceDBClusterIdentifier"]) == (STANDBY, "copy-on-write", SOURCE)
        assert (given["DBSubnetGroupName"], given["VpcSecurityGroupIds"]) == ("db", ["sg-1"])
        name = given["DBClusterIdentifier"]
        if name in self.clusters:
            raise error("DBClusterAlreadyExistsFault")
        self._begin(name)
        return {"DBCluster": self.add_cluster(name, Status="creating", TagList=given["Tags"])}

    def restore_db_cluster_from_snapshot(self, region: str, **given: Any) -> Any:
        assert (region, given["SnapshotIdentifier"], given["Engine"]) == (STANDBY, SNAPSHOT, "aurora-postgresql")
        assert (given["DBSubnetGroupName"], given["VpcSecurityGroupIds"]) == (self.group, ["sg-1"])
        name = given["DBClusterIdentifier"]
        self._begin(name)
        return {"DBCluster": self.add_cluster(name, Status="creating", TagList=given["Tags"])}

    def create_db_instance(self, _region: str, **given: Any) -> Any:
        name, cluster = given["DBInstanceIdentifier"], given["DBClusterIdentifier"]
        assert given["Tags"] and given["PubliclyAccessible"] is False
        if self.clusters[cluster]["Status"] != "available":
            raise error("InvalidDBClusterStateFault")
        if name in self.instances:
            raise error("DBInstanceAlreadyExists")
        self._begin(name)
        return {"DBInstance": self.add_instance(name, cluster, given["DBInstanceClass"], "creating")}

    def delete_db_instance(self, _region: str, DBInstanceIdentifier: str) -> Any:  # noqa: N803
        found = self.instances[DBInstanceIdentifier]
        if found["DBInstanceStatus"] == "creating":
            raise error("InvalidDBInstanceState")
        found["DBInstanceStatus"] = "deleting"
        self._begin(DBInstanceIdentifier)
        return {"DBInstance": found}

    def delete_db_cluster(self, _region: str, **given: Any) -> Any:
        name = given["DBClusterIdentifier"]
        assert given["SkipFinalSnapshot"] is True and name != SOURCE
        states = [each["DBInstanceStatus"] for each in self.instances.values() if each["DBClusterIdentifier"] == name]
        if any(state != "deleting" for state in states) or self.clusters[name]["Status"] == "creating":
            raise error("InvalidDBClusterStateFault")
        self.clusters[name]["Status"] = "deleting"
        self._begin(name)
        return {"DBCluster": self.clusters[name]}

    def get_secret_value(self, _region: str, SecretId: str) -> Any:  # noqa: N803
        assert SecretId == "shop/db"
        return {"SecretString": '{"username": "app", "password": "hidden"}'}


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    made = Bench(module, Aws(), DEFAULTS, monkeypatch)

    def proved(target: Any, *_others: Any) -> WriterProof:
        assert target.endpoint == f"{COPY}.example" and target.instances is not None
        return WriterProof(STANDBY, f"{COPY}-1", "aurora_server_id", target.endpoint, "192.0.2.1", "n", 0.1, 0.0)

    def read(copy: Any, source: Any, *_others: Any) -> CopyReads:
        assert (copy.endpoint, source.endpoint) == (f"{COPY}.example", f"{SOURCE}.ro.example")
        return CopyReads(("public.orders",), (), True)

    monkeypatch.setattr(work, "prove", proved)
    monkeypatch.setattr(work, "read_copy", read)
    return made


def aws(bench: Bench) -> Aws:
    assert isinstance(bench.aws, Aws)
    return bench.aws


def left(bench: Bench) -> set[str]:
    return (set(aws(bench).clusters) | set(aws(bench).instances)) - {SOURCE, f"{SOURCE}-1"}


def tags(bench: Bench) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in aws(bench).clusters[COPY]["TagList"]}


def test_the_whole_cycle(bench: Bench) -> None:
    planned = bench.run(check_mode=True)
    assert (planned.changed, left(bench)) == (True, set())
    made = bench.run()
    assert [call.action for call in made.calls] == [call.action for call in planned.calls]
    assert tags(bench) == {COPY_TAG: "shop", RUN_TAG: "-"}
    assert aws(bench).instances[f"{COPY}-1"]["DBInstanceClass"] == "db.r6g.2xlarge"
    assert made.values["seconds"]["restored"] >= TAKES
    assert made.values["seconds"]["proved"] >= made.values["seconds"]["instance_ready"] >= 2 * TAKES
    assert made.values["reads"] == {"tables": 1, "missing": [], "isolated": True}
    again = bench.run()
    assert (again.changed, again.calls, again.values["seconds"]["proved"]) == (False, (), None)
    foretold = bench.run(check_mode=True, state="absent")
    gone = bench.run(state="absent")
    assert [call.action for call in gone.calls] == [call.action for call in foretold.calls]
    assert (left(bench), gone.after) == (set(), {"copies": []})
    assert bench.run(state="absent").changed is False
    assert "hidden" not in bench.told


def test_a_snapshot_is_restored_beside_its_cluster_and_nothing_is_written_there(bench: Bench) -> None:
    aws(bench).writer = STANDBY  # its network and size are all that it gives
    planned = bench.run(check_mode=True, snapshot=SNAPSHOT)
    assert (planned.changed, left(bench)) == (True, set())
    made = bench.run(snapshot=SNAPSHOT)
    assert [call.action for call in made.calls] == ["RestoreDBClusterFromSnapshot", "CreateDBInstance"]
    assert [call.action for call in planned.calls] == [call.action for call in made.calls]
    assert (made.values["proof"], made.values["reads"], made.values["seconds"]) == (None, None, None)
    assert (made.before, made.after) == ({"copies": []}, {"copies": [COPY]})
    assert bench.run(snapshot=SNAPSHOT).changed is False
    assert bench.run(state="absent", made_by="reconcile").changed and left(bench) == set()


def test_drills_and_reconciliations_leave_each_others_copies_alone(bench: Bench) -> None:
    bench.run(snapshot=SNAPSHOT)
    assert tags(bench) == {COPY_TAG: "shop", RUN_TAG: "reconcile"}
    assert bench.run(state="absent").changed is False
    bench.run(state="absent", made_by="reconcile")
    bench.run()
    assert bench.run(state="absent", made_by="reconcile").changed is False


def test_a_snapshot_needs_no_more_of_its_neighbour_than_where_it_stands_and_its_size(bench: Bench) -> None:
    aws(bench).clusters[SOURCE]["Status"] = "resetting-master-credentials"
    aws(bench).group = "another"
    assert bench.refused() == ["source_busy"]
    aws(bench).instances.clear()
    assert bench.refused(snapshot=SNAPSHOT) == ["source_headless"]
    assert bench.run(snapshot=SNAPSHOT, subnet_group="another", instance_class="db.r6g.large").changed


def test_a_region_that_is_away_is_said_within_a_minute(bench: Bench) -> None:
    bench.aws.dead.add(STANDBY)
    began = bench.aws.clock.now
    with pytest.raises(DrError):
        bench.run(snapshot=SNAPSHOT)
    with pytest.raises(DrError):
        bench.run(state="absent")
    assert bench.aws.clock.now - began < 150


def test_each_change_is_a_step_of_the_run(bench: Bench) -> None:
    bench.run(run={"id": "shop-1", "fence": 1, "lock": "shop"})
    assert tags(bench) == {COPY_TAG: "shop", RUN_TAG: "shop-1"}
    bench.run(state="absent")
    assert [line["step"] for line in bench.journal] == [
        "drill_copy_restore",
        "drill_copy_instance",
        "drill_copy_prove",
        "drill_copy_remove_instance",
        "drill_copy_remove",
    ]


@pytest.mark.parametrize("lost", ["restore_db_cluster_to_point_in_time", "create_db_instance"])
def test_an_answer_that_was_lost_makes_no_second_copy(bench: Bench, lost: str) -> None:
    bench.aws.lost.add(lost)
    made = bench.run()
    assert [name for name, _region in bench.aws.changes()].count(lost) == 1
    assert made.changed and left(bench) == {COPY, f"{COPY}-1"}


@pytest.mark.parametrize("lost", ["delete_db_instance", "delete_db_cluster"])
def test_nor_is_anything_deleted_twice(bench: Bench, lost: str) -> None:
    bench.run()
    bench.aws.lost.add(lost)
    assert bench.run(state="absent").changed
    assert [name for name, _region in bench.aws.changes()].count(lost) == 1
    assert left(bench) == set()


@pytest.mark.parametrize("seconds", [1.0, 6.0, 13.0, 18.0, 23.0])
def test_whatever_an_interrupted_one_left_is_removed(bench: Bench, seconds: float) -> None:
    """The next one finds it by its tag, whatever its state: still creating, without or with an instance."""
    with pytest.raises(TimedOut):
        bench.run(timeout=seconds)
    assert left(bench) != set()
    assert bench.run(state="absent").changed and left(bench) == set()


def test_what_is_not_tagged_is_left_alone(bench: Bench) -> None:
    aws(bench).add_cluster(COPY)
    assert bench.refused() == ["not_a_copy"]
    assert bench.run(state="absent").changed is False and left(bench) == {COPY}


def test_a_run_that_was_taken_over_removes_its_own_only(bench: Bench) -> None:
    bench.run(run={"id": "shop-2", "fence": 2, "lock": "shop"})
    assert bench.run(state="absent", made_by="shop-1").changed is False
    assert bench.run(state="absent", made_by="shop-2").changed is True


def test_the_writer_is_not_copied(bench: Bench) -> None:
    aws(bench).writer = STANDBY
    assert bench.refused() == ["source_is_writer"]
    assert bench.run(source=SOURCE).changed


def test_a_headless_standby_is_refused(bench: Bench) -> None:
    aws(bench).instances.clear()
    assert bench.refused() == ["source_headless"]


def test_what_aws_lacks_is_said_in_its_words(bench: Bench) -> None:
    bench.aws.faults["create_db_instance"] = [error("InsufficientDBInstanceCapacity", "none of that class")]
    with pytest.raises(DrError, match=r"InsufficientDBInstanceCapacity.*none of that class") as caught:
        bench.run()
    assert [call.action for call in caught.value.made] == ["RestoreDBClusterToPointInTime"]


def test_one_that_breaks_is_not_waited_for(bench: Bench) -> None:
    bench.run()
    aws(bench).clusters[COPY]["Status"] = "inaccessible-encryption-credentials"
    with pytest.raises(DrError, match="inaccessible"):
        bench.run()


def test_one_that_takes_too_long_ends_with_what_was_seen(bench: Bench) -> None:
    with pytest.raises(TimedOut, match=f"{COPY}, which is creating"):
        bench.run(timeout=6.0)


def test_passing_faults_pass(bench: Bench) -> None:
    for name in ("describe_db_clusters", "restore_db_cluster_to_point_in_time", "create_db_instance"):
        bench.aws.faults[name] = [error("Throttling")]
    assert bench.run().changed


def test_a_copy_that_was_made_something_else_is_not_removed(bench: Bench) -> None:
    bench.run()
    aws(bench).clusters[COPY]["GlobalClusterIdentifier"] = "shop"
    with pytest.raises(Refused, match="copy_in_use"):
        bench.run(state="absent")
    assert bench.run(check_mode=True).changed is False
