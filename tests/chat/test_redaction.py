from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from dragoman.chat.redaction import Redactor, basic_secrets, named_secrets


def test_every_secret_of_six_characters_or_more_is_taken_out() -> None:
    redact = Redactor(["sk-secret", "short"])
    assert redact("token sk-secret, and sk-secretive; short stays") == "token •••, and •••ive; short stays"


def test_the_longest_secret_goes_first() -> None:
    assert Redactor(["secret", "secret-and-more"])("secret-and-more") == "•••"


def test_a_secret_is_found_inside_json_and_urls() -> None:
    redact = Redactor(['pa"ss\\word é'])
    assert "word" not in redact('{"said": "pa\\"ss\\\\word \\u00e9"}')
    assert "word" not in redact("?key=pa%22ss%5Cword%20%C3%A9")


def test_basic_login_is_hidden_in_every_form() -> None:
    encoded = base64.b64encode(b"user:hunter22").decode()
    assert Redactor(basic_secrets("user:hunter22"))(f"hunter22 user:hunter22 {encoded}") == "••• ••• •••"


def test_only_what_is_named_as_a_credential_is_secret() -> None:
    assert named_secrets("sig", "abc") == named_secrets("access_token", "abc") == ["abc"]
    assert named_secrets("design", "abc") == []
    assert named_secrets("X-Api-Key", "abc") == ["abc"]
    assert named_secrets("Authorization", "Token abc def") == ["Token abc def", "abc def"]
    assert named_secrets("X-Tenant", "acme") == []


def test_nothing_to_hide() -> None:
    assert Redactor(["", "   ", "a"])("a text") == "a text"


def test_its_repr_shows_nothing() -> None:
    assert "hunter22" not in repr(Redactor(["hunter22"]))


@given(st.lists(st.text(min_size=6).filter(lambda text: len(text.strip()) >= 6), max_size=4), st.text(), st.text())
def test_no_secret_is_left(secrets: list[str], before: str, after: str) -> None:
    redact = Redactor(secrets)
    for secret in secrets:
        assert secret.strip() not in redact(f"{before}{secret}{after}") or secret.strip() in "•••"
