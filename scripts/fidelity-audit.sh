#!/usr/bin/env bash
# Runs the fidelity audit on a DataSync server and prints its checks. Needs curl and jq, nothing else.
# Exit 0: all checks pass or warn. 1: a check failed. 2: the audit itself failed (no answer, refused, wrong call).
set -u

usage() {
  cat <<TEXT
usage: scripts/fidelity-audit.sh [--server URL] [--min-version V] [--json]
  --server URL      default: \$DATASYNC_URL, else http://127.0.0.1:7071
  --min-version V   every agent must have this version or a newer one, e.g. 1.0.93.0
  --json            print the answer as it came
  --help            show this
The CI secret is taken from DATASYNC_CI_UPLOAD_SECRET, or a personal token from DATASYNC_TOKEN.
TEXT
}

wrong_call() {
  usage >&2
  exit 2
}

fail() {
  printf 'fidelity audit: %s\n' "$1" >&2
  exit 2
}

server=${DATASYNC_URL:-http://127.0.0.1:7071}
min_version=
as_json=
while [ $# -gt 0 ]; do
  case $1 in
    --server) [ $# -ge 2 ] || wrong_call; server=$2; shift 2 ;;
    --min-version) [ $# -ge 2 ] || wrong_call; min_version=$2; shift 2 ;;
    --json) as_json=1; shift ;;
    --help | -h) usage; exit 0 ;;
    *) wrong_call ;;
  esac
done

command -v curl >/dev/null || fail 'curl is missing'
command -v jq >/dev/null || fail 'jq is missing'

# The secret goes in by a configuration on standard input, so that no process list shows it.
if [ -n "${DATASYNC_CI_UPLOAD_SECRET:-}" ]; then
  header="X-CI-Secret: $DATASYNC_CI_UPLOAD_SECRET"
elif [ -n "${DATASYNC_TOKEN:-}" ]; then
  header="Authorization: Bearer $DATASYNC_TOKEN"
else
  fail 'set DATASYNC_CI_UPLOAD_SECRET or DATASYNC_TOKEN'
fi

case $header in *$'\n'* | *$'\r'*) fail 'the secret is not one line' ;; esac
# Inside the quotes of a curl configuration these two would end the text or change it.
header=${header//\\/\\\\}
header=${header//\"/\\\"}

answer=$(mktemp) || fail 'no temporary file'
trap 'rm -f "$answer"' EXIT
status=$(
  printf 'header = "%s"\n' "$header" |
    curl --silent --show-error --max-time 230 --config - --get \
      ${min_version:+--data-urlencode "minVersion=$min_version"} \
      --output "$answer" --write-out '%{http_code}' "${server%/}/api/admin/fidelity-audit"
) || fail "no answer from $server"

if [ "$status" != 200 ]; then
  detail=$(jq -r '"\(.title // "no problem document"): \(.detail // "")" | gsub("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]"; "?")' \
    "$answer" 2>/dev/null)
  fail "$server answered $status: ${detail:-no explanation}"
fi
jq -e '.checks and .exitCode != null' "$answer" >/dev/null 2>&1 || fail "$server answered with something that is not an audit"

if [ -n "$as_json" ]; then
  jq --ascii-output . "$answer"
else
  # Characters of foreign names that a terminal obeys, or that turn or hide text, never reach it.
  jq -r '
    def plain: tostring | gsub("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]"; "?");
    (.checks[] | "\(.status | ascii_upcase)\t\(.name)\t\(.summary | plain)",
      (.evidence[] | select(.status != "pass") | "\t\t  \(.subject | plain): \(.detail | plain)")),
    "verdict: \(.verdict) (audit \(.auditId))"' "$answer"
fi
exit "$(jq -r .exitCode "$answer")"
