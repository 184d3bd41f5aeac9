"""The examples in docs/."""
