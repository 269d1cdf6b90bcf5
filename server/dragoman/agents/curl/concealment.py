"""Secrets of a command, which leave it as references: none of them is written or shown."""

from __future__ import annotations

import re

from dragoman.agents.model import JsonValue
from dragoman.agents.starter import free_name, variable_for
from dragoman.secrets.names import names_credential
from dragoman.secrets.reference import find_references

_SHELL_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_QUERY_PARAMETER = re.compile(r"(?<=[?&])([^=&#]*)=([^&#]*)")
_KEY_IN_BODY = re.compile(
    r"(?:api|access|auth|secret)[_-]?key|(?:(?:api|access|auth|client|user)[_-]?)?(?:token|secret|password)",
    re.IGNORECASE,
)


class Concealment:
    """Puts references in the place of secrets, and remembers which variables have to be set for that."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._variables: dict[str, str] = {}
        self.meanings: dict[str, str] = {}
        """Variable → what it has to hold, as the end of a sentence."""

    def reference(self, secret: str, what: str, meaning: str) -> str:
        """`secret` as it can be written: a variable of the shell, or a reference already, keeps its name.

        `what` is the end of the variable's name, `meaning` what it holds.
        """
        text = self.with_variables(secret)
        names = [found.name for found in find_references(text) if found.source == "env"]
        if not names:
            names = [self._variables.setdefault(secret, free_name(variable_for(self._name, what), self.meanings, "_"))]
            text = f"${{env:{names[0]}}}"
        for name in names:
            self.meanings.setdefault(name, meaning)
        return text

    def in_url(self, url: str) -> str:
        """`url` without the secrets in its query."""

        def replace(parameter: re.Match[str]) -> str:
            name, value = parameter[1], parameter[2]
            if not value or not names_credential(name):
                return parameter[0]
            return f"{name}={self.reference(value, 'API_KEY', f'the value of {name} in the address')}"

        return _QUERY_PARAMETER.sub(replace, url)

    def in_body(self, value: JsonValue, key: str = "") -> JsonValue:
        """`value` without texts whose keys are named like secrets."""
        match value:
            case dict():
                return {name: self.in_body(item, name) for name, item in value.items()}
            case list():
                return [self.in_body(item, key) for item in value]
            case str() if value and _KEY_IN_BODY.fullmatch(key):
                return self.reference(value, variable_for(key, "").rstrip("_"), f"the value of {key} in the body")
            case _:
                return value

    @staticmethod
    def with_variables(text: str) -> str:
        """`text` with references in place of the shell's variables, also where single quotes keep a shell from them."""
        return _SHELL_VARIABLE.sub(lambda variable: f"${{env:{variable[1] or variable[2]}}}", text)
