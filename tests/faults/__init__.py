"""Faults that are caused for real, under real processes of the program: what people see, and that nothing is lost."""
