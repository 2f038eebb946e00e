#!/usr/bin/env bash
# Makes sure of the programs that tests and scripts start but npm does not bring. Installs them from Debian as root.
set -euo pipefail

# Chromium without a window costs half the time; the whole program does where that one cannot be had.
browsers=(chromium-headless-shell)

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
  need "${browsers[-1]}" "${browsers[@]}"
  need rsync rsync
  need jq jq
  need curl curl
  need redis-server redis-server
}

find_missing
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  browsers+=(chromium)
  find_missing
  if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
  echo "Missing programs: ${missing[*]}. Install them first, on Debian or Ubuntu: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
if ! apt-cache show chromium-headless-shell >/dev/null 2>&1; then
  browsers+=(chromium)
  find_missing
fi
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]} by apt-get"
  apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
fi

find_missing
if [ ${#missing[@]} -gt 0 ]; then
  echo "Still missing after apt-get install: ${missing[*]}" >&2
  exit 1
fi
