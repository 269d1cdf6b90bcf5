from __future__ import annotations

import sys
from types import ModuleType

import pytest

from dragoman.secrets.resolve import Resolver, UnresolvedReferenceError


def test_all_references_of_a_text_are_replaced_and_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "example.test")
    monkeypatch.setenv("KEY", "s3cret-key")
    resolver = Resolver()
    assert resolver.resolve("https://${env:HOST}/v1?key=${env:KEY}#x") == "https://example.test/v1?key=s3cret-key#x"
    assert resolver.values == {"example.test", "s3cret-key"}


@pytest.mark.parametrize("text", ["", "plain", "${ENV:X}", "${other:x}", "$env:X", "${env}", "{env:X}"])
def test_what_is_no_reference_stays(text: str) -> None:
    assert Resolver().resolve(text) == text


def test_a_value_is_not_scanned_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTER", "${env:INNER}")
    assert Resolver().resolve("${env:OUTER}") == "${env:INNER}"


def test_an_unset_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH", raising=False)
    with pytest.raises(UnresolvedReferenceError, match="the environment variable NO_SUCH is not set"):
        Resolver().resolve("a${env:NO_SUCH}")


def test_an_empty_variable_is_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMPTY", "")
    assert Resolver().resolve("a${env:EMPTY}b") == "ab"


def keyring_with(entries: dict[tuple[str, str], str]) -> ModuleType:
    module = ModuleType("keyring")
    module.get_password = lambda service, user: entries.get((service, user))  # type: ignore[attr-defined]
    return module


def test_the_keyring_is_asked_for_service_and_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", keyring_with({("my/service", "me"): "from-keyring"}))
    assert Resolver().resolve("${keyring:my/service/me}") == "from-keyring"
    with pytest.raises(UnresolvedReferenceError, match="the keyring has no entry for x/y"):
        Resolver().resolve("${keyring:x/y}")


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(UnresolvedReferenceError, match=r"pip install 'dragoman\[keyring\]'"):
        Resolver().resolve("${keyring:a/b}")


def test_a_keyring_name_needs_both_parts() -> None:
    with pytest.raises(UnresolvedReferenceError, match="service/user"):
        Resolver().resolve("${keyring:alone}")


def test_a_keyring_that_fails_is_a_reason_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(service: str, user: str) -> str:
        raise RuntimeError(f"secret of {service} {user}")

    module = keyring_with({})
    module.get_password = locked  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)
    with pytest.raises(UnresolvedReferenceError, match=r"could not be read \(RuntimeError\)"):
        Resolver().resolve("${keyring:a/b}")
