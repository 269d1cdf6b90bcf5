"""The command line. One file a subcommand; `main` holds the table."""
