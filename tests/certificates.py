"""Certificates for servers and clients on loopback, all by one authority that nobody else trusts."""

from __future__ import annotations

import ssl
from functools import cache
from pathlib import Path

import trustme

HOSTS = ("127.0.0.1", "agent.test")


@cache
def authority() -> trustme.CA:
    return trustme.CA()


@cache
def server_context(*, demands_certificate: bool = False, protocols: tuple[str, ...] = ()) -> ssl.SSLContext:
    """Of a server that has all names of `HOSTS`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(*HOSTS).configure_cert(context)
    if demands_certificate:
        context.verify_mode = ssl.CERT_REQUIRED
        authority().configure_trust(context)
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


def authority_file(folder: Path) -> str:
    """A PEM file with the authority's certificate."""
    file = folder / "authority.pem"
    authority().cert_pem.write_to_path(file)
    return str(file)


def client_file(folder: Path) -> str:
    """A PEM file with a client's certificate and its key."""
    file = folder / "client.pem"
    authority().issue_cert("user@agent.test").private_key_and_cert_chain_pem.write_to_path(file)
    return str(file)
