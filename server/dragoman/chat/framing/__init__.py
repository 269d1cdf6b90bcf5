"""Framings: how a response body is cut into frames. One file each, one table (`select`)."""
