"""Parsers that keep positions and never raise: text, JSON with comments, JsonPath, request templates."""
