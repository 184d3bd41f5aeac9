"""The command line. `commands/` has one module per command, imported only when the command is called."""

import gc

INTERRUPTED = 130
"""Exit code of a program that SIGINT ended."""


def main() -> None:
    """Run the command line on `sys.argv`. Raises SystemExit with the exit code."""
    # A start makes some 150,000 objects, none of which is garbage: searching them took a tenth of its time.
    gc.set_threshold(200_000, 10, 4)
    from supportdesk.cli.crash_hooks import install_crash_hooks
    from supportdesk.cli.streams import prepare_streams

    install_crash_hooks()
    try:
        prepare_streams()
        from supportdesk.cli.root import root

        root()
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    finally:
        # Python would search them all twice as it ends. What holds a file or a lock has been closed by then.
        gc.freeze()
