"""A `curl` command, as documentation and browsers print it, read as the description of an agent."""
