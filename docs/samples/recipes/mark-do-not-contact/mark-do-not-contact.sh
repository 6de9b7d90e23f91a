#!/usr/bin/env bash
# Marks a number do-not-contact in every record of the borrower that has it. Needs jq.
# If it fails, run it again, and don't dial the number in the meantime.
set -euo pipefail

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url=${RECOVERYCONNECT_URL:-http://127.0.0.1:4020}
token=${RECOVERYCONNECT_TOKEN:-demo}
phones=/api/v140/orders/57062885/borrowers/124927241/phones
number='678-932-1578'

# Arguments: path, body. Without a body, it reads. Sets `response`.
send() {
  # A file ~/.curlrc could turn on retries and redirects. The list of processes would show a token in the arguments.
  response=$(curl --retry 0 --no-location --silent --show-error --max-time 10 --write-out '\n%{http_code}' \
    --header @- --header 'Accept: application/json' \
    ${2:+--request PUT --header 'Content-Type: application/json' --data "$2"} "$url$1" \
    <<<"Authorization: Bearer $token") || exit 1
  # The last line is the status.
  local status=${response##*$'\n'}
  response=${response%$'\n'*}
  [[ $status == 200 ]] || fail "The API returned the status $status."
  jq --exit-status '.data | iterables' <<<"$response" >/dev/null 2>&1 || fail 'The response has no data.'
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

number=${number//[^0-9]/}
((${#number} == 10)) || fail 'The number must have ten digits.'
send "$phones"
others=$(jq --raw-output 'keys - ["data"] | join(", ")' <<<"$response")
[[ -z $others ]] || fail "The list may be one page of several. It also has: $others"

# jq before version 1.7 rounds larger ids.
same_ids='.data[] | select(.number | tostring | gsub("[^0-9]"; "") | contains($number)) | .id
  | if type == "string" or type == "number" and . < 9007199254740992 then . else null end'
ids=$(jq --raw-output --arg number "$number" "$same_ids" <<<"$response" 2>/dev/null) ||
  fail 'The response has no data.'
[[ $ids ]] || fail 'No record has this number.'
is_marked='(.data.id | tostring) == $id and .data.no_contact == 1 and (.status // "success") == "success"'
failed=0
for id in $ids; do
  # If one update fails, the other records with the number have to be marked all the same.
  (
    [[ $id != null ]] || fail 'The id is missing, or too large for jq.'
    send "$phones/$id" '{"no_contact": 1}'
    jq --exit-status --arg id "$id" "$is_marked" <<<"$response" >/dev/null 2>&1 ||
      fail 'The API returned something else.'
    echo "$id is marked do-not-contact"
  ) || { failed=1 && printf "Don't dial. %s isn't marked.\n" "$id" >&2; }
done
exit "$failed"
