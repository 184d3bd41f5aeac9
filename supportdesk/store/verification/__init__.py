"""What `verify` looks at: the file and its schema, the chain of events, and the tables that are made from them."""
