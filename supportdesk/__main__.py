"""`python -m supportdesk` is `supportdesk`."""


def run() -> None:
    """Hand over to the command line, which is imported only now."""
    from supportdesk.cli import main

    main()


if __name__ == "__main__":
    run()
