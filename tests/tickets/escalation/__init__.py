"""Tests of the steps by which a ticket escalates as time passes."""
