"""The days of the three kinds of people at the desk, from the first key to the last, on a full demonstration desk."""
