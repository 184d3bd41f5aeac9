"""Times, clocks, names and the desk's status as text; nothing here draws."""
