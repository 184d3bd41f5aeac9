"""How tests are given to the processes that run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdist.scheduler import LoadGroupScheduling

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController


class ForgetfulScheduling(LoadGroupScheduling):  # type: ignore[misc]
    """Gives tests to processes by groups, as xdist does, and forgets a group once it has run.

    xdist counts at every message what is left of all that it ever gave to a process: with ten thousand tests that takes
    longer than many a test, in which that process waits for the next.
    """

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        """Note that a test has run, and forget its group if that was the last of it."""
        super().mark_test_complete(node, item_index, duration)
        group = self._split_scope(self.registered_collections[node][item_index])
        if all(self.assigned_work[node][group].values()):
            del self.assigned_work[node][group]
