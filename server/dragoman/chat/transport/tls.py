"""Whom to trust over TLS, and who we are: the system's authorities, the bundled ones, and what the settings name."""

from __future__ import annotations

import os
import ssl
from functools import lru_cache
from pathlib import Path

from dragoman.settings import NetworkSettings


class BadCertificateFileError(Exception):
    """A file that the settings name is of no use. The text names setting and file, and says why, as one clause."""


def tls_context(network: NetworkSettings) -> ssl.SSLContext:
    """Certificates are always verified. Raises `BadCertificateFileError`."""
    if not (network.ca_file or network.client_certificate):
        return _usual_context()
    context = _new_context()
    if network.ca_file:
        _add_authorities(context, network.ca_file)
    if network.client_certificate:
        _add_own_certificate(context, network.client_certificate)
    return context


@lru_cache(maxsize=1)
def _usual_context() -> ssl.SSLContext:
    return _new_context()


def _new_context() -> ssl.SSLContext:
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _add_authorities(context: ssl.SSLContext, file: str) -> None:
    try:
        context.load_verify_locations(Path(file).expanduser())
    except (OSError, ValueError, RuntimeError) as error:
        raise _bad_file("network.caFile", file, error, "holds no certificate in PEM form") from None


def _add_own_certificate(context: ssl.SSLContext, file: str) -> None:
    try:
        # A key that needs a password must not ask for it at the terminal.
        context.load_cert_chain(Path(file).expanduser(), password="")
    except (OSError, ValueError, RuntimeError) as error:
        wanted = "does not hold a certificate and its key in PEM form, the key without a password"
        raise _bad_file("network.clientCert", file, error, wanted) from None


def _bad_file(setting: str, file: str, error: Exception, wanted: str) -> BadCertificateFileError:
    """`error` is what reading the file raised; where the system had nothing against it, it is not as `wanted`."""
    why = wanted
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) and error.errno is not None:
        why = f"cannot be read ({os.strerror(error.errno).lower()})"
    return BadCertificateFileError(f"{setting}, {file!r}, {why}")
