"""What holds for every test: a plain environment, repeatable examples, and no skips where CI runs."""

import gc
import os
from collections.abc import Iterator

import hypothesis
import pytest

from tests import databases
from tests.event_loop import observe_event_loops
from tests.statements import share_compiled_statements
from tests.stylesheets import share_applied_styles, share_parsed_styles

for name in ("NO_COLOR", "TEXTUAL_THEME", "SUPPORTDESK_DB", "SUPPORTDESK_CONFIG"):
    os.environ.pop(name, None)

for improve in (share_parsed_styles, share_applied_styles, share_compiled_statements, observe_event_loops):
    improve(pytest.MonkeyPatch())

# Collecting garbage took a third of the time: what was imported is never looked at again, and the rest seldom.
gc.set_threshold(50_000, 10, 4)

IN_CI = os.environ.get("CI") == "true"

# No deadlines, and no complaint about slow examples: the machine may be busy. No database of examples: a run must not
# depend on the one before.
patient = hypothesis.settings(
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], database=None
)
hypothesis.settings.register_profile("quick", patient, derandomize=True, max_examples=50)
hypothesis.settings.register_profile("ci", patient, derandomize=True, max_examples=100)
hypothesis.settings.register_profile("long", patient, max_examples=500)
hypothesis.settings.register_profile("thorough", patient, max_examples=5_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if IN_CI else "quick"))


# Of a module, not of a test: hypothesis runs a test's examples within one use of it.
@pytest.fixture(scope="module", params=databases.KINDS)
def database_kind(request: pytest.FixtureRequest) -> Iterator[str]:
    """The kind of database on which a test makes its desks: each test runs on every kind."""
    kind: str = request.param
    with databases.use(kind):
        yield kind


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave tests that are marked with `sqlite` to that database: they are about files."""
    items[:] = [each for each in items if not _is_misplaced(each)]


def _is_misplaced(item: pytest.Item) -> bool:
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    kind = parameters.get("database_kind", databases.SQLITE)
    return kind != databases.SQLITE and item.get_closest_marker("sqlite") is not None


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


def _skipped(session: pytest.Session) -> int:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", ())) if reporter else 0


def pytest_sessionfinish(session: pytest.Session) -> None:
    if IN_CI and _skipped(session) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = len(terminalreporter.stats.get("skipped", ()))
    if IN_CI and skipped:
        terminalreporter.write_sep("=", "skipped tests fail the run", red=True)
        terminalreporter.write_line(
            f"CI=true allows no skips, and {skipped} skipped: install what their reasons name, or unset CI."
        )
