"""What holds for every test: a plain environment, repeatable examples, and no skips where CI runs."""

import os

import hypothesis
import pytest
import textual._wait

for name in ("NO_COLOR", "TEXTUAL_THEME", "SUPPORTDESK_DB", "SUPPORTDESK_CONFIG"):
    os.environ.pop(name, None)

# A pilot takes the program to be at rest when it used a twentieth of so long a time. Textual looks for a fiftieth of a
# second after each key, which is half of what these tests would take.
textual._wait.SLEEP_GRANULARITY = 1 / 100
textual._wait.SLEEP_IDLE = textual._wait.SLEEP_GRANULARITY / 20

IN_CI = os.environ.get("CI") == "true"

# No deadlines: the machine may be busy. No database of examples: a run must not depend on the one before.
hypothesis.settings.register_profile("quick", derandomize=True, max_examples=50, deadline=None, database=None)
hypothesis.settings.register_profile("ci", derandomize=True, max_examples=200, deadline=None, database=None)
hypothesis.settings.register_profile("thorough", max_examples=5_000, deadline=None, database=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if IN_CI else "quick"))


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
