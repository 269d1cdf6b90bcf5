#!/usr/bin/env bash
# Sees to it that there are a Vim and ALE for the tests, and prints nothing when there are. $VIM_PROGRAM names another Vim
# than the one on the path.
set -euo pipefail

VIM_PROGRAM="${VIM_PROGRAM:-vim}"

has_ale() {
  command -v "$VIM_PROGRAM" >/dev/null &&
    "$VIM_PROGRAM" -u NONE -es -c 'if has("channel") && has("job") && !empty(globpath(&packpath, "pack/*/opt/ale")) | qall | endif' -c 'cquit' </dev/null
}

has_ale && exit 0
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "These tests need Vim 9 with jobs and channels, as \$VIM_PROGRAM or on the path, and ALE among its optional packages." >&2
  echo "On Debian: sudo apt install vim vim-ale" >&2
  exit 1
fi
echo "==> vim, vim-ale"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends vim vim-ale >/dev/null
has_ale
