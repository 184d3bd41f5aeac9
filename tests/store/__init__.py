"""Tests of `supportdesk.store`."""
