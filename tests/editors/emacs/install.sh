#!/usr/bin/env bash
# Sees to it that there is an Emacs with Eglot for the tests, and prints nothing when there is one. $EMACS names another
# than the one on the path.
set -euo pipefail

EMACS="${EMACS:-emacs}"

has_eglot() {
  command -v "$EMACS" >/dev/null &&
    "$EMACS" --batch -q --eval '(progn (package-initialize) (unless (and (version<= "28.2" emacs-version) (require (quote eglot) nil t)) (kill-emacs 1)))' 2>/dev/null
}

has_eglot && exit 0
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "These tests need Emacs 28.2 or newer with Eglot (a part of Emacs from 29 on), as \$EMACS or on the path." >&2
  echo "On Debian: sudo apt install emacs-nox elpa-eglot" >&2
  exit 1
fi
echo "==> emacs-nox, elpa-eglot"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends emacs-nox elpa-eglot >/dev/null
has_eglot
