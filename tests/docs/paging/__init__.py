"""Paging without any cloud: the examples in docs/paging, against the real programs."""
