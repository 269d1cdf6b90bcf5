"""Which names tell that what they name is a secret."""

from __future__ import annotations

import re

_CREDENTIAL = re.compile(r"auth|cookie|key|token|secret|passw|credential|session|\bsig", re.IGNORECASE)


def names_credential(name: str) -> bool:
    """Whether the name of a header, a query parameter or a key tells of a credential, which must not be shown."""
    return _CREDENTIAL.search(name) is not None
