"""HTML of an agent as a file of its own."""

from __future__ import annotations

from html.parser import HTMLParser

from dragoman.chat.delivery.page import standing_alone

ANSWER = """<!doctype html><head><base href="https://e.example/"></head>
<p onclick='x("1")'>A &amp; "b"</p></iframe></body><script>alert(1)</script>"""


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_answer_stands_in_a_sandbox_and_nothing_of_it_outside():
    tags = Tags(standing_alone(ANSWER, '<Docs> & "co"')).found
    assert [tag for tag, _ in tags] == [
        "html",
        "head",
        "meta",
        "meta",
        "meta",
        "base",
        "title",
        "style",
        "body",
        "iframe",
    ]
    assert tags[-1][1] == {"sandbox": "", "title": '<Docs> & "co"', "srcdoc": ANSWER}


def test_the_policy_comes_before_everything_else_and_allows_no_fetch_and_no_script():
    tags = Tags(standing_alone(ANSWER, "Docs")).found
    assert tags[3][1]["http-equiv"] == "Content-Security-Policy"
    policy = dict(rule.strip().split(" ", 1) for rule in str(tags[3][1]["content"]).split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
