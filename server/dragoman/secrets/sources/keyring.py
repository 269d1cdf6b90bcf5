"""`${keyring:service/user}`: an entry of the system's keyring, by the optional package `keyring`."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast


class _Keyring(Protocol):
    def get_password(self, service_name: str, username: str) -> str | None: ...


def read(name: str) -> str:
    """The password stored for `service/user`. Raises `LookupError` with a clause for a sentence."""
    service, slash, user = name.rpartition("/")
    if not slash or not service or not user:
        raise LookupError(f"“{name}” does not have the form service/user")
    try:
        keyring = cast("_Keyring", import_module("keyring"))
    except ImportError:
        raise LookupError("the package keyring is not installed: pip install 'dragoman[keyring]'") from None
    try:
        password = keyring.get_password(service, user)
    except Exception as error:  # noqa: BLE001 - each backend has exceptions of its own, and no base class that all share
        raise LookupError(f"the keyring could not be read ({type(error).__name__})") from None
    if password is None:
        raise LookupError(f"the keyring has no entry for {service}/{user}")
    return password
