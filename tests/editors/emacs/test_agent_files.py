"""Editing an agent file in Emacs, by Eglot and the mode for such files."""

from __future__ import annotations

import pytest

from emacs_session import Emacs

pytestmark = pytest.mark.emacs

DIAGNOSTICS = """(mapcar (lambda (d) (list (buffer-substring (flymake-diagnostic-beg d) (flymake-diagnostic-end d))
                                          (flymake-diagnostic-text d)))
                        (flymake-diagnostics))"""


@pytest.mark.parametrize("name", ["agents.json", "my.agents.jsonc", "my.agent.json", ".agents/x.json"])
def test_agent_files_have_a_mode_and_a_server(emacs: Emacs, name: str) -> None:
    (emacs.workspace / ".agents").mkdir()
    emacs.open(name, '[{"name": "ä😀", "url": "https://x.example", "responseAction": "Streem"}]')
    emacs.until("(and (eq major-mode 'dragoman-agent-mode) (eglot-managed-p))")

    ((marked, told),) = emacs.until(DIAGNOSTICS)

    assert marked == '"Streem"'
    assert "Stream" in told


def test_what_is_typed_is_checked_again(emacs: Emacs) -> None:
    emacs.open("agents.json", '[{"name": "ä", "url": "https://x.example"}]')
    emacs.until("(eglot-managed-p)")
    emacs.press('M-< C-s ple" RET')
    emacs.type(', "responseAction": "Streem"')
    assert [marked for marked, _ in emacs.until(DIAGNOSTICS)] == ['"Streem"']


def test_a_fix_is_done(emacs: Emacs) -> None:
    emacs.open("agents.json", '[{"name": "ä", "url": "https://x.example", "responseAction": "Streem"}]')
    emacs.until(DIAGNOSTICS)
    emacs.choose("Stream")
    emacs.eval('(progn (goto-char (point-min)) (search-forward "Stre") (call-interactively #\'eglot-code-actions) nil)')
    emacs.until('(string-search "\\"responseAction\\": \\"Stream\\"" (buffer-string))')
    emacs.until(f"(null {DIAGNOSTICS})")


def test_a_value_is_completed(emacs: Emacs) -> None:
    emacs.open("agents.json", '[{"name": "ä", "url": "https://x.example", "responseAction": "Str"}]')
    emacs.until("(eglot-managed-p)")
    emacs.press("M-< C-s Str RET")
    emacs.until("(eq (char-before) ?r)")
    emacs.press("C-M-i")
    emacs.until('(string-search "\\"responseAction\\": \\"Stream" (buffer-string))')


def test_an_agent_is_indented(emacs: Emacs) -> None:
    emacs.open("agents.json", '[\n{ // note {\n"name": "a {",\n"auth": {\n"type": "Bearer"\n}\n}\n]\n')
    emacs.until("(eq major-mode 'dragoman-agent-mode)")
    emacs.eval("(indent-region (point-min) (point-max))")
    assert emacs.eval("(buffer-string)") == (
        '[\n  { // note {\n    "name": "a {",\n    "auth": {\n      "type": "Bearer"\n    }\n  }\n]\n'
    )


def test_the_server_formats_as_the_mode_indents(emacs: Emacs) -> None:
    emacs.open("agents.json", '[{"name": "a", "url": "https://x.example"},{"name": "b", "url": "https://x.example"}]')
    emacs.until("(eglot-managed-p)")
    formatted = emacs.eval("(progn (eglot-format-buffer) (buffer-string))")
    assert formatted.startswith('[\n  {\n    "name": "a",\n')
    assert emacs.eval("(progn (indent-region (point-min) (point-max)) (buffer-string))") == formatted


def test_agent_files_in_another_mode(emacs: Emacs) -> None:
    emacs.eval("(add-to-list 'eglot-server-programs '(js-mode . dragoman-contact))")
    emacs.eval("(add-to-list 'auto-mode-alist '(\"agents\\\\.json\\\\'\" . js-mode))")
    emacs.open("agents.json", '[{"name": "a", "url": "https://x.example", "responseAction": "Streem"}]')
    emacs.eval("(progn (eglot-ensure) (run-hooks 'post-command-hook) nil)")
    assert [marked for marked, _ in emacs.until(DIAGNOSTICS)] == ['"Streem"']


def test_without_the_program_it_says_how_to_get_it(emacs: Emacs) -> None:
    emacs.open("app.py", "print()")
    emacs.eval('(setq dragoman-command \'("no-such-program" "serve"))')
    with pytest.raises(RuntimeError, match=r"There is no program .no-such-program.: install Dragoman"):
        emacs.eval("(dragoman-chat)")
