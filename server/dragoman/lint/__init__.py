"""What is wrong with an agent file beyond being no JSON. One file a rule in `rules/`, one table in `registry`."""
