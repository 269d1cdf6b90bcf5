"""Sending a request and receiving what comes back, byte for byte. With `chat/request`, all that knows of httpx."""
