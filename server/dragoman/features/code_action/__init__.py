"""Code actions: quick-fixes in agent files, and asking an agent about a selection in any file."""
