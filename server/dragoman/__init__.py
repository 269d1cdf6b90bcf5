"""Dragoman lets any editor talk to any HTTP agent: it lints agent files and bridges to the agents in them."""

__version__ = "0.1.0"
