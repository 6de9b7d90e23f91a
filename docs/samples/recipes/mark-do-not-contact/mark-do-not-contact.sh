#!/usr/bin/env bash
# Marks a number do-not-contact in every record of the borrower that has it. Needs jq.
# If it fails, run it again, and don't dial the number in the meantime.
set -euo pipefail

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url=${RECOVERYCONNECT_URL:-http://127.0.0.1:4020}
token=${RECOVERYCONNECT_TOKEN:-demo}
phones=/api/v140/orders/57062885/borrowers/124927241/phones
number=6789321578

# Arguments: method, path, body
send() {
  local response
  response=$(curl --fail-with-body --silent --show-error --max-time 10 --request "$1" \
    --header "Authorization: Bearer $token" --header 'Accept: application/json' \
    ${3:+--header 'Content-Type: application/json' --data "$3"} "$url$2") || fail "$response"
  printf '%s' "$response"
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

list=$(send GET "$phones")
# A list with anything beside "data" can be one page of several.
jq --exit-status 'keys == ["data"]' <<<"$list" >/dev/null || fail "$list"

select_same='.data[] | select(.number | tostring | gsub("[^0-9]"; "") | contains($number)) | .id'
ids=$(jq --arg number "$number" "$select_same" <<<"$list")
[[ $ids ]] || fail 'No record has this number.'
for id in $ids; do
  response=$(send PUT "$phones/$id" '{"no_contact": 1}')
  jq --exit-status '.data.no_contact == 1' <<<"$response" >/dev/null || fail "$response"
  echo "$id is marked do-not-contact"
done
