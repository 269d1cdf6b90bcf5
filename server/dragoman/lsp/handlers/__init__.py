"""Handlers: each translates, calls, translates. What computes belongs further down."""
