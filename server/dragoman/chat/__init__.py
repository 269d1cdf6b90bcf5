"""Talking to an agent: request, transport, framing, extraction, events. Knows no editor protocol."""
