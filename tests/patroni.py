"""A cluster of three PostgreSQL servers under Patroni, with its etcd, on this machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.patience import wait_for
from tests.postgres import USER, find_free_port, find_programs

NODES = ("one", "two", "three")
TTL, LOOP_WAIT = 20, 2
"""Seconds after which a leader that is silent has lost its place, and between two looks at the cluster."""


def is_installed() -> bool:
    """Return whether everything that a cluster needs is here."""
    return find_programs() is not None and all(map(shutil.which, ("patroni", "patronictl", "etcd")))


class PatroniCluster:
    """Three nodes, one of them the leader and one a synchronous standby, until `remove`."""

    def __init__(self) -> None:
        self._as: dict[str, Any] = (
            {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
        )
        self.folder = Path(tempfile.mkdtemp(prefix="supportdesk-patroni-"))
        if self._as:
            shutil.chown(self.folder, USER, USER)
        self._etcd, self._peer = find_free_port(), find_free_port()
        self._ports = {node: find_free_port() for node in NODES}
        self._apis = {node: find_free_port() for node in NODES}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._start("etcd", self._etcd_command())
        for node in NODES:
            self._configure(node)
            self.start(node)

    def start(self, node: str) -> None:
        """Start a node, or start it again."""
        self._start(node, ["patroni", self._configuration(node)])

    def wait_until_ready(self) -> str:
        """Return the leader once all nodes run, and one of the standbys is synchronous."""
        return wait_for(self._find_ready_leader, lambda: f"the cluster is not ready: {self.describe()}")

    def find_leader(self) -> str | None:
        """Return the node that can be written; None while there is none."""
        return next((node for node in NODES if self._asks(node, "leader")), None)

    def describe(self) -> str:
        """Return the members of the cluster and their states, for messages."""
        members = next(filter(None, (self._cluster(node) for node in NODES)), None)
        return json.dumps(members)

    def address(self, database: str) -> str:
        """Return an address with all the hosts."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self._ports.values())
        return f"postgresql+psycopg://{USER}@{hosts}/{database}?connect_timeout=2&tcp_user_timeout=3000"

    def switch_over(self, leader: str) -> None:
        """Have another node lead, as before maintenance."""
        subprocess.run(
            ["patronictl", "-c", self._configuration(leader), "switchover", "--master", leader, "--force"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            **self._as,
        )

    def kill(self, node: str) -> None:
        """Kill everything of a node at once, as the loss of its machine does."""
        postmaster = self.folder / node / "data" / "postmaster.pid"
        pid = int(postmaster.read_text().split()[0])
        children = subprocess.run(
            ["pgrep", "-P", str(pid)], check=False, stdout=subprocess.PIPE, text=True
        ).stdout.split()
        self._processes[node].kill()
        for each in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self._processes.pop(node).wait()

    def remove(self) -> None:
        """Stop everything and remove its files."""
        for node in [each for each in NODES if each in self._processes]:
            with suppress(OSError, ValueError):
                self.kill(node)
        for process in self._processes.values():
            process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _find_ready_leader(self) -> str | None:
        leader = self.find_leader()
        members = (self._cluster(leader) or {}).get("members", ()) if leader is not None else ()
        running = [each for each in members if each["state"] in ("running", "streaming")]
        is_synchronous = any(each["role"] == "sync_standby" for each in members)
        return leader if len(running) == len(NODES) and is_synchronous else None

    def _asks(self, node: str, what: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._apis[node]}/{what}", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _cluster(self, node: str) -> dict[str, Any] | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._apis[node]}/cluster", timeout=2) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except (OSError, ValueError):
            return None

    def _start(self, name: str, command: list[Any]) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        self._processes[name] = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=self.folder, start_new_session=True, **self._as
        )
        log.close()

    def _etcd_command(self) -> list[Any]:
        client, peer = f"http://127.0.0.1:{self._etcd}", f"http://127.0.0.1:{self._peer}"
        return [
            "etcd",
            *("--name", "etcd", "--data-dir", self.folder / "etcd", "--log-level", "error"),
            *("--listen-client-urls", client, "--advertise-client-urls", client),
            *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
            *("--initial-cluster", f"etcd={peer}"),
        ]

    def _configuration(self, node: str) -> Path:
        return self.folder / f"{node}.json"

    def _configure(self, node: str) -> None:
        programs = find_programs()
        assert programs is not None
        api, port = f"127.0.0.1:{self._apis[node]}", f"127.0.0.1:{self._ports[node]}"
        (self.folder / node).mkdir()
        settings = {
            "scope": "desk",
            "name": node,
            "restapi": {"listen": api, "connect_address": api},
            "etcd3": {"host": f"127.0.0.1:{self._etcd}"},
            "bootstrap": {
                "dcs": {
                    "ttl": TTL,
                    "loop_wait": LOOP_WAIT,
                    "retry_timeout": 5,
                    "synchronous_mode": True,
                    "postgresql": {"use_pg_rewind": True, "parameters": {"max_connections": 100}},
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C"}],
                "pg_hba": [
                    "host all all 127.0.0.1/32 trust",
                    "host replication all 127.0.0.1/32 trust",
                    "local all all trust",
                ],
            },
            "postgresql": {
                "listen": port,
                "connect_address": port,
                "data_dir": str(self.folder / node / "data"),
                "bin_dir": str(programs),
                "pgpass": str(self.folder / node / "pgpass"),
                "authentication": {
                    "superuser": {"username": USER},
                    "replication": {"username": "replicator"},
                },
                "parameters": {"unix_socket_directories": str(self.folder / node)},
            },
        }
        # Every JSON text is a YAML text.
        self._configuration(node).write_text(json.dumps(settings))
        if self._as:
            shutil.chown(self.folder / node, USER, USER)
            shutil.chown(self._configuration(node), USER, USER)
