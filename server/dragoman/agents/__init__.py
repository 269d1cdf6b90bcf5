"""What an agent file describes: the typed model, how it is read from a syntax tree, and the providers (data)."""
