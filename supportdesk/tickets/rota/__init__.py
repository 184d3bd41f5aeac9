"""The rota: who is on call. Everything that asks, asks the one timeline, instant by instant or as a list of shifts."""
