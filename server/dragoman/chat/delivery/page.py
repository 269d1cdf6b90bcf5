"""HTML of an agent as a file of its own, for clients that have no sandboxed page and open it outside."""

from __future__ import annotations

from html import escape

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""Nothing is fetched and nothing runs: the page has its own styles and pictures, and those alone."""


def standing_alone(html: str, title: str) -> str:
    """A page that shows `html` and lets it do nothing.

    It stands in a frame of its own, whose empty `sandbox` also keeps it from leading the browser elsewhere, by a link
    or by itself; the policy of the page around it holds within.
    """
    return f"""\
<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="referrer" content="no-referrer">
<base target="_self">
<title>{escape(title)}</title>
<style>html, body, iframe {{ margin: 0; border: 0; width: 100%; height: 100%; }} iframe {{ display: block; }}</style>
</head>
<body><iframe sandbox="" title="{escape(title)}" srcdoc="{escape(html)}"></iframe></body>
</html>
"""
