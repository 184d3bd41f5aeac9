"""The rota: the calendar of shifts, overridden and swapped by keys."""
