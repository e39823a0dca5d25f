"""SQL over a dataset, statement by statement."""
