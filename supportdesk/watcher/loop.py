"""The loop of a watcher: at each tick it does what is due, and says in its heartbeat that it is alive."""

from __future__ import annotations

import os
import platform
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from msgspec.structs import replace

from supportdesk.crash_log import write_crash
from supportdesk.desk_api import DeskApi, DeskUnavailableError
from supportdesk.heartbeat import STOPPED, WATCHING, Heartbeat, HeartbeatPlace
from supportdesk.sla.formatting import dated_time
from supportdesk.watcher.precedence import Precedence
from supportdesk.watcher.task import Say, WatcherTask

INTERVAL = 5.0
"""Seconds between two ticks."""

FindMethods = Callable[[], tuple[str, ...]]
"""Returns the methods by which a watcher can send at present."""


class Watcher:
    """Watches a desk until `stop`: any thread may call that, and `run` blocks its own.

    Any number of watchers may watch a desk. The desk is opened at the first tick, and again after it could not be
    reached or was replaced. Where the clock goes back, the watcher waits until what is next falls due by the clock, and
    says so: what was done stays done.
    """

    def __init__(
        self,
        connect: Callable[[], DeskApi],
        heartbeat: HeartbeatPlace | None,
        make_tasks: Callable[[Say], Sequence[WatcherTask]],
        *,
        say: Say,
        interval: float = INTERVAL,
        hosted: bool = False,
        find_methods: FindMethods = tuple,
        may_work: Callable[[], bool] = lambda: True,
    ) -> None:
        """Make a watcher of the desk that `connect` opens; `heartbeat` is the path of its file, None without one.

        `interval` is in seconds. One that is `hosted` in a console gives way to others that are alive and send by all
        of its methods, which `find_methods` returns; it is called at each tick. Nor does it watch while `may_work` says
        that it must not.
        """
        self._connect = connect
        self._say = say
        self._interval = interval
        self._tasks = make_tasks(say)
        self._find_methods = find_methods
        self._may_work = may_work
        self._place = heartbeat
        self._unwritten = ""
        self._stopped = threading.Event()
        self._desk: DeskApi | None = None
        self._latest: datetime | None = None
        self._failures: dict[type[WatcherTask], str] = {}
        now = datetime.now(UTC)
        self._heartbeat = Heartbeat(platform.node(), os.getpid(), uuid.uuid4().hex, now, now, hosted=hosted)
        self._precedence = Precedence(heartbeat, self._heartbeat) if heartbeat and hosted else None

    @property
    def heartbeat(self) -> Heartbeat:
        """What the watcher last said of itself."""
        return self._heartbeat

    def run(self) -> None:
        """Watch until `stop`. Blocks its thread."""
        if self._place is not None:
            self._place.tidy()
        try:
            while not self._stopped.is_set():
                began = time.monotonic()
                if self._precedence is not None and self._gives_way(self._precedence):
                    self._close_desk()
                    self._stopped.wait(self._interval / 2)
                elif not self.tick():
                    self._stopped.wait(max(0.0, self._interval - (time.monotonic() - began)))
        finally:
            self.close()

    def _gives_way(self, precedence: Precedence) -> bool:
        return not self._may_work() or precedence.another_watches(self._list_methods())

    def stop(self) -> None:
        """End `run` soon, after the command that it is giving."""
        self._stopped.set()

    def tick(self) -> bool:
        """Do everything that is due now, and write the heartbeat; return whether more is due at once."""
        began = time.monotonic()
        try:
            desk = self._open_desk()
            now = desk.now()
            clock = self._check_clock(desk, now)
            # Before the work, which may take long: anybody who looks must see that somebody is at it.
            before = self._heartbeat
            self._beat(before.state if before.beat else clock or WATCHING, works=before.works)
            is_more = [self._run_task(task, desk, now) for task in self._tasks]
        except DeskUnavailableError as error:
            self._close_desk()
            self._beat(str(error), works=False)
            return False
        except Exception as error:  # noqa: BLE001 - a watcher that ends alerts nobody
            self._close_desk()
            state = f"the desk cannot be opened ({type(error).__name__}, see the crash log)"
            if state != self._heartbeat.state:
                write_crash(error)
            self._beat(state, works=False)
            return False
        faults = [clock, *(self._failures.get(type(task), task.fault) for task in self._tasks)]
        state = "; ".join(filter(None, faults)) or WATCHING
        if state != self._heartbeat.state or time.monotonic() - began > 1:
            self._beat(state)
        return any(is_more)

    def _run_task(self, task: WatcherTask, desk: DeskApi, now: datetime) -> bool:
        """Run a task; one that fails does not keep the others from running, and is tried again at each tick."""
        try:
            more = task.tick(desk, now, is_stopped=self._stopped.is_set)
        except DeskUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - a watcher that ends alerts nobody
            if type(task) not in self._failures:
                write_crash(error)
            self._failures[type(task)] = f"{task.name} failed ({type(error).__name__}, see the crash log)"
            return False
        self._failures.pop(type(task), None)
        return more

    def _open_desk(self) -> DeskApi:
        if self._desk is None:
            self._desk = self._connect()
        return self._desk

    def _close_desk(self) -> None:
        desk, self._desk = self._desk, None
        if desk is not None:
            desk.close()

    def _list_methods(self) -> tuple[str, ...]:
        """Return the methods by which it can send; none where that cannot be found out."""
        with suppress(Exception):  # Sending asks for the same at each tick, and says what is wrong.
            return self._find_methods()
        return ()

    def _check_clock(self, desk: DeskApi, now: datetime) -> str:
        """Return what is wrong with the clock; empty where nothing is."""
        if self._latest is None or now >= self._latest:
            self._latest = now
        if (self._latest - now).total_seconds() < self._interval:
            return ""
        latest = dated_time(self._latest, desk.policy_at(self._latest).timezone)
        return f"the clock went back behind {latest}: what is due waits for the clock"

    def _beat(self, state: str, *, works: bool = True) -> None:
        """Write the heartbeat, and say so where the state changed."""
        before = self._heartbeat
        ticked, methods = datetime.now(UTC), self._list_methods()
        self._heartbeat = replace(
            before, ticked=ticked, beat=before.beat + 1, state=state, methods=methods, works=works
        )
        if state != before.state or self._heartbeat.beat == 1:
            self._say(state)
        if self._place is None:
            return
        written = self._heartbeat.beside(self._place.read(), ticked)
        fault = ""
        try:
            self._place.write(written)
        except OSError as error:
            fault = (
                f"the heartbeat {self._place} cannot be written ({error.strerror}), so nobody sees that this watcher is"
                f" alive: {self._place.advice}"
            )
        if fault != self._unwritten:
            # Once: the log may be on the same full disk.
            self._say(fault or f"the heartbeat {self._place} is written again")
        self._unwritten = fault

    def close(self) -> None:
        """End the tasks, close the desk, and say in the heartbeat that nobody watches, unless somebody else does."""
        for task in self._tasks:
            task.close()
        self._close_desk()
        found = self._place.read() if self._place is not None else None
        if found is not None and found.id == self._heartbeat.id:
            self._beat(STOPPED)
