"""A real Emacs in a terminal with the client of `editor-clients/emacs` and a real server process.

with Emacs(tmp_path) as emacs:
    emacs.open("app.py", "print()")
    emacs.press("M-x dragoman-chat RET")
    emacs.until_chat("Ask an agent")

Keys go through the terminal, as a user's do; what is looked at is asked by emacsclient.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from polling import PATIENCE_SECONDS, poll
from terminal import Terminal, own_home

CLIENT = Path(__file__).parent.parent / "editor-clients" / "emacs" / "dragoman.el"
SERVE = [sys.executable, "-m", "dragoman", "serve"]
_KEYS = {"C-/": "\x1f", "RET": "\r", "TAB": "\t", "SPC": " ", "DEL": "\x7f", "ESC": "\x1b"}
_EVAL = """
(let ((buffer (window-buffer (selected-window))))
  (session-answer {file}
    (condition-case failure (list (with-current-buffer buffer {code}))
      (error (list nil (error-message-string failure))))))
"""
_ANSWER = """
(defun session-plain (value)
  (cond ((proper-list-p value) (and value (vconcat (mapcar #'session-plain value))))
        ((or (stringp value) (numberp value) (eq value t)) value)
        (t (format "%S" value))))
(defun session-answer (file value)
  (let ((coding-system-for-write 'utf-8))
    (write-region (json-encode (session-plain value)) nil file nil 'quiet)))
"""
CHAT = "(seq-find (lambda (b) (eq (buffer-local-value 'major-mode b) 'dragoman-chat-mode)) (buffer-list))"
"""The conversation that was used last."""


def find_emacs() -> tuple[str, str]:
    """Emacs and its client program: $EMACS, else the one on the path."""
    named = os.environ.get("EMACS", "emacs")
    emacs = shutil.which(named) or shutil.which("emacs")
    client = emacs and (shutil.which("emacsclient", path=str(Path(emacs).parent)) or shutil.which("emacsclient"))
    if emacs and client:
        return emacs, client
    raise LookupError(
        "These tests need Emacs 28.2 or newer with Eglot; on Debian: apt install emacs-nox elpa-eglot. "
        "Another Emacs than the one on the path is named by EMACS."
    )


def lisp(value: object) -> str:
    """Strings, numbers and lists of them as Emacs Lisp reads them."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Sequence):
        return f"(list {' '.join(map(lisp, value))})"
    return str(value)


class Emacs:
    """Emacs without the user's config, in a workspace of its own. Use it in `with`, which ends it and its server."""

    def __init__(self, folder: Path, *, setup: str = "") -> None:
        self.workspace = folder / "workspace"
        (self.workspace / ".git").mkdir(parents=True, exist_ok=True)
        (folder / "home").mkdir(exist_ok=True)
        self._socket = folder / "socket"
        self._setup = setup
        self._environment = own_home(folder)

    def __enter__(self) -> Self:
        emacs, self._client = find_emacs()
        listens = self._socket.with_name("listens")  # the socket is there before somebody listens to it
        listens.unlink(missing_ok=True)
        start = f"""(progn
          (setq inhibit-startup-screen t inhibit-x-resources t make-backup-files nil auto-save-default nil
                create-lockfiles nil ring-bell-function #'ignore use-dialog-box nil xterm-query-timeout nil)
          (setq native-comp-deferred-compilation nil native-comp-async-report-warnings-errors nil)
          (package-initialize)
          (require 'json)
          {_ANSWER}
          (load {lisp(str(CLIENT))} nil t)
          (setq dragoman-command {lisp(SERVE)})
          {self._setup}
          (require 'server)
          (setq server-socket-dir {lisp(str(self._socket.parent))} server-name "socket")
          (server-start)
          (write-region "" nil {lisp(str(listens))} nil 'quiet))"""
        self._terminal = Terminal([emacs, "-nw", "-q", "--eval", start], self.workspace, self._environment)
        try:
            poll(listens.exists, "Emacs' server")
        except BaseException:
            self._terminal.end(signal.SIGKILL)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(RuntimeError):
            self.eval("(progn (eglot-shutdown-all) (dolist (p (process-list)) (set-process-query-on-exit-flag p nil)))")
        self._terminal.end(signal.SIGKILL)

    def eval(self, code: str) -> Any:
        """What `code` returns in the buffer of the selected window, by way of JSON: nil is None, `t` is True."""
        answer = self._socket.with_name("answer.json")
        program = _EVAL.format(code=code, file=lisp(str(answer)))
        client = [self._client, "-s", str(self._socket), "--eval", program]
        done = subprocess.run(client, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        if done.returncode:
            raise RuntimeError(f"emacsclient failed, {(done.stdout + done.stderr).strip()!r}, in {code}")
        value, *failure = json.loads(answer.read_text(encoding="utf-8"))
        if failure:
            raise RuntimeError(f"{failure[0]} in {code}")
        return value

    def until(self, code: str) -> Any:
        """What `code` returns as soon as that is not nil."""
        return poll(lambda: self.eval(code), code)

    def press(self, keys: str) -> None:
        """As Emacs writes keys: `M-x dragoman-chat RET`. Words are typed."""
        self.type("".join(map(_key, keys.split(" "))))

    def type(self, text: str) -> None:
        self._terminal.type(text)

    def write(self, name: str, text: str) -> Path:
        path = self.workspace / name
        path.write_text(text, encoding="utf-8")
        return path

    def write_agents(self, *agents: dict[str, Any]) -> None:
        """The user's own, which are asked without a question."""
        own = Path(self._environment["XDG_CONFIG_HOME"]) / "dragoman/agents.json"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(json.dumps(agents, indent=2), encoding="utf-8")

    def open(self, name: str, text: str) -> None:
        """Write a file and show it."""
        self.eval(f"(progn (find-file {lisp(str(self.write(name, text)))}) nil)")
        self.press("C-l")  # a command, since Eglot waits for the end of one

    def choose(self, text: str) -> None:
        """From now on, choose what is shown with `text` in it, and keep in `shown-choices` all that was shown."""
        self.eval(f"(setq wanted-choice {lisp(text)})")
        self.eval(_CHOOSE)

    @property
    def chat(self) -> str:
        """What the conversation that was used last shows, its input too."""
        return self.eval(f"(let ((chat {CHAT})) (and chat (with-current-buffer chat (buffer-string))))") or ""

    @property
    def transcript(self) -> str:
        return self.chat.rpartition("\n❯ ")[0]

    def until_chat(self, part: str) -> str:
        """The chat as soon as it shows `part`."""
        return poll(lambda: part in (shown := self.chat) and shown, part)

    def until_idle(self) -> str:
        """The transcript once nothing is streamed any more."""
        self.until("(hash-table-empty-p dragoman--running-turns)")
        return self.transcript


_CHOOSE = """
(progn
  (defvar shown-choices nil)
  (fset 'completing-read
        (lambda (prompt table &rest _)
          (let* ((names (all-completions "" table))
                 (affix (completion-metadata-get (completion-metadata "" table nil) 'affixation-function))
                 (shown (if affix (mapcar (lambda (row) (concat (nth 1 row) (nth 0 row) (nth 2 row)))
                                          (funcall affix names))
                          names)))
            (push (cons prompt shown) shown-choices)
            (or (seq-some (lambda (pair) (and (string-search wanted-choice (cdr pair)) (car pair)))
                          (seq-mapn #'cons names shown))
                ""))))
  nil)
"""


def _key(name: str) -> str:
    if name in _KEYS:
        return _KEYS[name]
    if name.startswith("C-M-"):
        return "\x1b" + chr(ord(name[4]) & 31)
    if name.startswith("M-") and len(name) > 2:
        return "\x1b" + (_KEYS.get(name[2:]) or name[2:])
    if name.startswith("C-") and len(name) == 3:
        return chr(ord(name[2]) & 31)
    return name
