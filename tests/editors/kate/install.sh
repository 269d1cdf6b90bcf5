#!/usr/bin/env bash
# Sees to it that there are a Kate and a display without a screen for the tests, and prints nothing when there are.
set -euo pipefail

has_kate() {
  local program
  for program in kate Xvfb xdotool dbus-run-session; do
    command -v "$program" >/dev/null || return 1
  done
}

has_kate && exit 0
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "These tests need kate, Xvfb, xdotool and dbus-run-session on the path." >&2
  echo "On Debian: sudo apt install kate xvfb xdotool dbus-daemon" >&2
  exit 1
fi
echo "==> kate, xvfb, xdotool, dbus-daemon"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends kate xvfb xdotool dbus-daemon >/dev/null
has_kate
