"""Tests of `supportdesk.demo`."""
