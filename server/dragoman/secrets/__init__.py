"""Secrets and references to them: `${env:NAME}` and `${keyring:service/user}`. Resolved at the last moment only."""
