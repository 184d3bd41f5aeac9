"""The command line: one module for each group of commands, imported only when it is called."""

INTERRUPTED = 130
"""The exit code of a program that SIGINT ended."""


def main() -> None:
    """Run the command line on `sys.argv`; leaves by `SystemExit` with the exit code."""
    from supportdesk.cli.streams import prepare_streams

    try:
        prepare_streams()
        from supportdesk.cli.root import root

        root()
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
