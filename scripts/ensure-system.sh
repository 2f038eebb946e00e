#!/usr/bin/env bash
# Makes sure of the programs that tests and scripts start but npm does not bring. Installs them from Debian as root.
set -euo pipefail

missing=()
need() { # need PACKAGE PROGRAM…: the package is missing unless one of the programs is on the path
  local package=$1 program
  shift
  for program in "$@"; do
    if command -v "$program" >/dev/null; then return; fi
  done
  missing+=("$package")
}

find_missing() {
  missing=()
  need chromium chromium chromium-browser google-chrome
  need rsync rsync
  need jq jq
  need curl curl
}

find_missing
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "Missing programs: ${missing[*]}. Install them first, on Debian or Ubuntu: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
echo "Installing ${missing[*]} by apt-get"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null

find_missing
if [ ${#missing[@]} -gt 0 ]; then
  echo "Still missing after apt-get install: ${missing[*]}" >&2
  exit 1
fi
