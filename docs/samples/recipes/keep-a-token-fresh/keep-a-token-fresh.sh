#!/usr/bin/env bash
# Counts the phones of each borrower of an order. Logs in once, and again when the token expires. Needs jq.
set -euo pipefail

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url=${RECOVERYCONNECT_URL:-http://127.0.0.1:4020}
# The local sandbox accepts every account.
username=${RECOVERYCONNECT_USERNAME:-example-user}
password=${RECOVERYCONNECT_PASSWORD:-example-password}
borrowers=/api/v140/orders/57062885/borrowers
renew_at=0

# Sets `status` and `body`. The last line that curl writes is the status.
send() {
  local response
  # A file ~/.curlrc could turn on retries and redirects.
  response=$(curl --retry 0 --no-location --silent --show-error --max-time 10 --write-out '\n%{http_code}' \
    --header 'Accept: application/json' "$@") || exit 1
  status=${response##*$'\n'}
  body=${response%$'\n'*}
}

# The list of processes would show a token in the arguments.
send_with_token() {
  send --header @- "$1" <<<"Authorization: Bearer $token"
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

log_in() {
  # jq reads the password from the environment and curl reads it from jq, so no list of processes shows it.
  send --header 'Content-Type: application/json' --data @- "$url/api/v140/auth" \
    < <(username=$username password=$password jq --null-input '{username: env.username, password: env.password}')
  # Logging in again with a wrong password might lock the account. The response can contain tokens.
  ((status == 200)) || fail "The login failed with the status $status."
  jq --exit-status '(.access_token | strings) and (.expires_in | tonumber)' <<<"$body" >/dev/null 2>&1 ||
    fail 'The login returned no token.'
  token=$(jq --raw-output .access_token <<<"$body")
  # A minute before the token expires, but not before half of its time
  renew_at=$(jq '(.expires_in | tonumber) as $seconds | now + ([$seconds - 60, $seconds / 2] | max) | floor' <<<"$body")
}

# Sets `body`.
list() {
  (($(date +%s) < renew_at)) || log_in
  send_with_token "$url$1"
  if ((status == 401)); then
    log_in
    send_with_token "$url$1"
  fi
  ((status == 200)) || fail "The API returned the status $status."
  jq --exit-status '.data | arrays | all(type == "object")' <<<"$body" >/dev/null 2>&1 ||
    fail 'The response has no data.'
  local others
  others=$(jq --raw-output 'keys - ["data"] | join(", ")' <<<"$body")
  [[ -z $others ]] || fail "The list may be one page of several. It also has: $others"
}

list "$borrowers"
# Versions of jq before 1.7 round larger ids.
jq --exit-status '.data | all(.id | tostring | test("^[0-9]{1,15}$"))' <<<"$body" >/dev/null ||
  fail 'A record has no id that jq can read.'
for id in $(jq --raw-output '.data[].id' <<<"$body"); do
  list "$borrowers/$id/phones"
  echo "$id: $(jq '.data | length' <<<"$body") phones"
done
