"""Tests of `supportdesk.bench`."""
