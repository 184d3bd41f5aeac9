"""What holds for every test: a plain environment, repeatable examples, and no skips where CI runs."""

import gc
import os
from itertools import chain
from typing import Any

import hypothesis
import pytest

from tests import databases
from tests.event_loop import observe_event_loops
from tests.postgres import PostgresServer, find_programs
from tests.schemas import share_new_schema
from tests.statements import share_compiled_statements
from tests.stylesheets import share_applied_styles, share_parsed_styles

for name in ("NO_COLOR", "TEXTUAL_THEME", "SUPPORTDESK_DB", "SUPPORTDESK_CONFIG"):
    os.environ.pop(name, None)

for improve in (
    share_parsed_styles,
    share_applied_styles,
    share_compiled_statements,
    share_new_schema,
    observe_event_loops,
):
    improve(pytest.MonkeyPatch())

# Collecting garbage took a third of the time: what was imported is never looked at again, and the rest seldom.
gc.set_threshold(200_000, 10, 2)

LEFT_OUT = pytest.StashKey[int]()
"""How many tests are about another database than the one that was chosen."""
LEFT_OUT_BY_WORKER = "tests left out"

IN_CI = os.environ.get("CI") == "true"

# No deadlines, and no complaint about slow examples: the machine may be busy. No database of examples: a run must not
# depend on the one before.
patient = hypothesis.settings(
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], database=None
)
hypothesis.settings.register_profile("brief", patient, derandomize=True, max_examples=10)
hypothesis.settings.register_profile("usual", patient, derandomize=True, max_examples=50)
hypothesis.settings.register_profile("long", patient, max_examples=200)
hypothesis.settings.register_profile("thorough", patient, max_examples=5_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=databases.KINDS,
        help="the database on which every test makes its desks; without it, tests run on those that they ask for",
    )


def pytest_configure(config: pytest.Config) -> None:
    kind = config.getoption("database")
    if kind == databases.POSTGRES and find_programs() is None:
        raise pytest.UsageError(databases.NOT_INSTALLED)
    PostgresServer.allowed = kind != databases.SQLITE


# Of a module, not of a test: hypothesis runs a test's examples within one use of it.
@pytest.fixture(scope="module", params=databases.KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """The kind of database on which a test makes its desks: each test runs on every kind."""
    kind: str = request.param
    if kind == databases.POSTGRES and find_programs() is None:
        pytest.skip(databases.NOT_INSTALLED)
    return kind


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    databases.begin_test(_kind_of(item))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests that are marked with the name of a database to it: they are about files, or about a server.

    A run on PostgreSQL has only those that make a desk: the others would be the same. A run on files has none that
    needs a server. Those that run on each kind of database are marked. Those that take long go first, so that no
    process waits for another at the end.
    """
    chosen = config.getoption("database")
    for item in items:
        if "database_kind" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.each_database)
            if _kind_of(item) == databases.POSTGRES and item.get_closest_marker("long_on_server"):
                item.add_marker(pytest.mark.long)
    kinds = [(item, _kind_of(item)) for item in items]
    items[:] = [item for item, kind in kinds if kind == (chosen or kind) and not _is_misplaced(item, kind)]
    misplaced = [item for item, kind in kinds if kind == chosen and _is_misplaced(item, kind)]
    config.stash[LEFT_OUT] = len(misplaced)
    items.sort(key=lambda item: item.get_closest_marker("straggler") is None)


def _kind_of(item: pytest.Item) -> str:
    """Return the kind of database on which a test makes its desks: the one for which it was repeated, if it asks for
    one.
    """
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    return parameters.get("database_kind") or item.config.getoption("database") or databases.SQLITE


def _is_misplaced(item: pytest.Item, kind: str) -> bool:
    if any(each != kind and item.get_closest_marker(each) for each in databases.KINDS):
        return True
    chosen = item.config.getoption("database")
    if chosen == databases.SQLITE:
        return item.get_closest_marker("server") is not None
    return chosen == databases.POSTGRES and not _may_make_desk(item)


def _may_make_desk(item: pytest.Item) -> bool:
    """Return whether the module of a test, or of a fixture that it has, can make a desk on a server.

    Of a module that is not in this folder it is not known.
    """
    module = getattr(item, "module").__name__  # noqa: B009
    fixtures = chain.from_iterable(getattr(item, "_fixtureinfo").name2fixturedefs.values())  # noqa: B009
    users = databases.find_users()
    return (
        not module.startswith("tests.")
        or module in users
        or any(each.func.__module__ in users for each in fixtures)
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Schedule groups of tests faster than xdist does."""
    if config.getoption("dist") != "loadgroup":
        return None
    from tests.scheduling import ForgetfulScheduling

    return ForgetfulScheduling(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over how many tests a worker left out: all of them leave out the same ones."""
    if LEFT_OUT_BY_WORKER in (said := getattr(node, "workeroutput", {})):
        node.config.stash[LEFT_OUT] = said[LEFT_OUT_BY_WORKER]


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


def _skipped(session: pytest.Session) -> int:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", ())) if reporter else 0


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[LEFT_OUT_BY_WORKER] = session.config.stash.get(LEFT_OUT, 0)
    if IN_CI and _skipped(session) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left_out := config.stash.get(LEFT_OUT, 0):
        kind = config.getoption("database")
        terminalreporter.write_line(
            f"Left out on {kind}, as they are about another kind of database or about none: {left_out}."
        )
    skipped = len(terminalreporter.stats.get("skipped", ()))
    if IN_CI and skipped:
        terminalreporter.write_sep("=", "skipped tests fail the run", red=True)
        terminalreporter.write_line(
            f"CI=true allows no skips, and {skipped} skipped: install what their reasons name, or unset CI."
        )
