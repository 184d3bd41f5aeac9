"""`python -m tests` runs every check and then the tests, and fails if any of them failed.

`--quick` leaves out the tests that draw the console, need a server or are marked as slow, runs those of both databases
on files, and tries fewer random examples: some 90 seconds on two idle cores.
Other arguments are passed to pytest. The last line printed is pytest's summary.

`--long` runs the steps of `tests/runner/long_run.py`: some 75 minutes on two idle cores. With the names of steps, as in
`--long servers pythons`, it runs these.
"""

import sys

from tests.runner import long_run, say
from tests.runner.checks import checks_running
from tests.runner.programs import LONG_PROGRAMS, PROGRAMS, install_programs
from tests.runner.pytest_run import QUICK, run_pytest


def main() -> int:
    """Run what the arguments ask for and return the exit code."""
    arguments = sys.argv[1:]
    if "--long" in arguments:
        arguments.remove("--long")
        if unknown := [each for each in arguments if each not in long_run.STEPS]:
            say("long", f"no step {', '.join(unknown)}; steps: {', '.join(long_run.STEPS)}")
            return 2
        install_programs(PROGRAMS | LONG_PROGRAMS)
        return long_run.run_steps(arguments or list(long_run.STEPS))
    if "--quick" not in arguments:
        install_programs(PROGRAMS)
    return run_once(arguments)


def run_once(arguments: list[str]) -> int:
    """Run the checks and the tests, print pytest's last line last, and return the exit code."""
    options = [part for each in arguments for part in (QUICK if each == "--quick" else (each,))]
    with checks_running() as failed:
        run = run_pytest(options, variables={"HYPOTHESIS_PROFILE": "brief"} if "--quick" in arguments else {})
    if failed:
        say("failed", ", ".join(failed))
    print(run.closing, end="", flush=True)
    return run.exit_code or bool(failed)


if __name__ == "__main__":
    sys.exit(main())
