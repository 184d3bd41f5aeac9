"""A believable desk to look at, made by running the real commands."""
