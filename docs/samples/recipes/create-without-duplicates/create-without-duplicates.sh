#!/usr/bin/env bash
# Creates a phone, unless the borrower has a record with the number. Needs jq.
# If it fails, wait half a minute and run it again: it looks for the record first.
set -euo pipefail

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url=${RECOVERYCONNECT_URL:-http://127.0.0.1:4020}
token=${RECOVERYCONNECT_TOKEN:-demo}
phones=/api/v140/orders/57062885/borrowers/124927241/phones
number=2025550143
valid=1
no_contact=0

# Arguments: body. Without a body, it reads. It never sends a create twice. Sets `response`.
send() {
  response=$(curl --silent --show-error --max-time 10 --write-out '\n%{http_code}' \
    --header "Authorization: Bearer $token" --header 'Accept: application/json' \
    ${1:+--header 'Content-Type: application/json' --data "$1"} "$url$phones") || exit 1
  # The last line is the status.
  local status=${response##*$'\n'}
  response=${response%$'\n'*}
  [[ $status != 422 ]] || fail "The API rejected: $(jq --raw-output '.errors | keys | join(", ")' <<<"$response")"
  [[ $status == 200 ]] || fail "The API returned the status $status."
  jq --exit-status '.data | iterables' <<<"$response" >/dev/null 2>&1 || fail 'The response has no data.'
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

send
others=$(jq --raw-output 'keys - ["data"] | join(", ")' <<<"$response")
[[ -z $others ]] || fail "The list may be one page of several. It also has: $others"
found=$(jq --raw-output '.data[] | "\(.id) \(.valid),\(.no_contact) \(
  .number | tostring | gsub("[\\s().+-]"; "") | ltrimstr("1"))"' <<<"$response" 2>/dev/null) ||
  fail 'The response has no data.'

same=
unclear=
while read -r id flags digits; do
  # A number that is masked, partial or otherwise not ten digits can be this one.
  [[ ! $id || $digits =~ ^[2-9][0-9]{9}$ ]] || unclear+=${unclear:+, }$id
  [[ $digits == "$number" ]] || continue
  [[ $flags == "$valid,$no_contact" ]] || fail "Don't dial. The number is stored with other flags: $id"
  same=$id
done <<<"$found"
[[ -z $same ]] || { echo "stored already as $same" && exit; }
[[ -z $unclear ]] || fail "Check by hand whether one has the number: $unclear"

send "{\"type\": 6, \"number\": \"$number\", \"valid\": $valid, \"no_contact\": $no_contact}"
read -r id flags < <(jq --raw-output '.data | "\(.id) \(.valid),\(.no_contact)"' <<<"$response")
[[ $flags == "$valid,$no_contact" ]] || fail "Don't dial. The API stored other flags: $id"
echo "stored as $id"
