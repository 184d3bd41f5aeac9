"""The checks of `verify`: the file and its schema, the chain of events, and the tables made from them."""
