"""The command line: one module for each group of commands, imported only when it is called."""


def main() -> None:
    """Run the command line on `sys.argv`; leaves by `SystemExit` with the exit code."""
    from supportdesk.cli.root import root

    root()
