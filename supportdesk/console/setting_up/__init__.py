"""The first start: a short guided set-up where there is no desk yet."""
