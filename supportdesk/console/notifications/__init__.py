"""What needs this operator's attention, and stays in sight until they respond."""
