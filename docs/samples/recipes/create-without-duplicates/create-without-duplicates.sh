#!/usr/bin/env bash
# Creates a phone, unless the borrower has a record with the number. Needs jq.
# If it fails, wait half a minute and run it again: it looks for the record first.
set -euo pipefail

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url=${RECOVERYCONNECT_URL:-http://127.0.0.1:4020}
token=${RECOVERYCONNECT_TOKEN:-demo}
phones=/api/v140/orders/57062885/borrowers/124927241/phones
number=2025550143
body='{"type": 6, "number": "2025550143", "valid": 1, "no_contact": 0}'

# Arguments: body. Without a body, it reads. It never sends a create twice.
send() {
  local response
  response=$(curl --fail-with-body --silent --show-error --max-time 10 \
    --header "Authorization: Bearer $token" --header 'Accept: application/json' \
    ${1:+--header 'Content-Type: application/json' --data "$1"} "$url$phones") || fail "$response"
  printf '%s' "$response"
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

list=$(send)
# A list with anything beside "data" can be one page of several.
jq --exit-status 'keys == ["data"]' <<<"$list" >/dev/null || fail "$list"

unclear=
while read -r id digits; do
  [[ $digits == "$number" ]] && echo "stored already as $id" && exit
  # A number that is masked, partial or otherwise not ten digits can be this one.
  [[ $digits =~ ^[2-9][0-9]{9}$ ]] || unclear=$id
done < <(jq --raw-output '.data[] | "\(.id) \(.number | tostring | gsub("[ ().+-]"; "") | ltrimstr("1"))"' <<<"$list")
[[ -z $unclear ]] || fail "check by hand: $unclear"

response=$(send "$body")
jq --exit-status '.data.valid == 1 and .data.no_contact == 0' <<<"$response" >/dev/null ||
  fail "Don't dial. The API stored other flags: $response"
echo "stored as $(jq .data.id <<<"$response")"
