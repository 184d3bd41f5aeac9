"""Tests are given to the processes that run them as xdist gives them, only faster."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.scheduling import ForgetfulScheduling


class Node:
    """A process that is given tests by their places in its collection."""

    def __init__(self) -> None:
        self.given: list[int] = []
        self.shutting_down = False
        self.gateway = SimpleNamespace(id="one of them")

    def send_runtest_some(self, places: list[int]) -> None:
        """Note what is given."""
        self.given += places

    def shutdown(self) -> None:
        """Note that nothing more will be given."""
        self.shutting_down = True


TESTS = ["a.py::one@pair", "a.py::two@pair", *(f"b.py::test[{number}]" for number in range(8))]


@pytest.fixture
def scheduling() -> Any:
    config: Any = SimpleNamespace(
        getvalue=lambda name: ["popen"],
        option=SimpleNamespace(loadscopereorder=True, verbose=0, debug=False),
    )
    return ForgetfulScheduling(config)


def test_every_test_is_given_once_and_a_group_that_has_run_is_forgotten(scheduling: Any) -> None:
    node = Node()
    scheduling.add_node(node)
    scheduling.add_node_collection(node, TESTS)
    scheduling.schedule()
    done = 0
    while done < len(node.given):
        scheduling.mark_test_complete(node, node.given[done])
        done += 1
        assert len(scheduling.assigned_work[node]) <= 3
    assert sorted(node.given) == list(range(len(TESTS)))
    assert node.given[:2] == [0, 1]
    assert node.shutting_down
    assert scheduling.remove_node(node) is None


def test_what_a_process_that_died_had_not_run_is_given_to_another(scheduling: Any) -> None:
    first, second = Node(), Node()
    scheduling.numnodes = 2
    for node in (first, second):
        scheduling.add_node(node)
        scheduling.add_node_collection(node, TESTS)
    scheduling.schedule()
    ran = first.given[:1]
    scheduling.mark_test_complete(first, ran[0])
    assert scheduling.remove_node(first) == TESTS[first.given[1]]
    done = 0
    while done < len(second.given):
        scheduling.mark_test_complete(second, second.given[done])
        done += 1
    assert sorted({*ran, *second.given}) == list(range(len(TESTS)))
