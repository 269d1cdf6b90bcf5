"""What is shown of a url."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.agents.address import host_of, shown_url


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://127.0.0.1:8765/v1?key=s3cret", "127.0.0.1:8765"),
        ("https://user:s3cret@Example.com/x", "example.com"),
        ("https://example.com:443", "example.com:443"),
        ("http://[::1]:80/", "[::1]:80"),
        ("http://h:99999/", ""),
        ("http://[", ""),
        ("${env:BASE}/chat", ""),
        ("", ""),
    ],
)
def test_only_the_host_of_a_url_is_shown(url: str, host: str):
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://127.0.0.1:8765/v1/chat", "http://127.0.0.1:8765/v1/chat"),
        ("https://user:sesame@example.com/x", "https://example.com/x"),
        ("https://good.example@evil.example/x", "https://evil.example/x"),
        ("https://good.example:x@y@evil.example", "https://evil.example"),
        ("https://h/x?key=sesame&v=2#frag", "https://h/x?key=…&v=…"),
        ("https://h/x?sesame", "https://h/x?…"),
        ("https://h/x?key=${env:KEY}", "https://h/x?key=${env:KEY}"),
        ("https://h/x?${env:KEY}", "https://h/x?${env:KEY}"),
        ("https://h/x?key=sesame${env:KEY}", "https://h/x?key=…"),
        ("https://u:${keyring:a/b?c@d}@h/${env:A}/x", "https://h/${env:A}/x"),
        ("${env:BASE}/chat", "${env:BASE}/chat"),
        ("http://${env:HOST}:80/", "http://${env:HOST}:80/"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("", ""),
    ],
)
def test_where_a_prompt_goes_is_shown_without_secrets(url: str, shown: str):
    assert shown_url(url) == shown


@given(st.text(alphabet="ab/:@?&=#${}env\0\n[]1"))
def test_any_text_can_be_shown(url: str):
    shown_url(f"http://user:sesame@h/{url}")
    assert "sesame" not in shown_url(f"http://user:sesame@h/{url}")
    assert "sesame" not in shown_url(f"http://h/x?key=sesame{url.replace('#', '')}")
