#!/usr/bin/env bash
# Marks a number do-not-contact in every record of the borrower that has it. Needs jq.
# If it fails, run it again, and don't dial the number in the meantime.
set -euo pipefail

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url=${RECOVERYCONNECT_URL:-http://127.0.0.1:4020}
token=${RECOVERYCONNECT_TOKEN:-demo}
phones=/api/v140/orders/57062885/borrowers/124927241/phones
number='678-932-1578'

# Arguments: the type of the data, path, body. Without a body, it reads. Sets `response`.
send() {
  # A file ~/.curlrc could turn on retries and redirects. The list of processes would show a token in the arguments.
  response=$(curl --retry 0 --no-location --silent --show-error --max-time 10 --write-out '\n%{http_code}' \
    --header @- --header 'Accept: application/json' \
    ${3:+--request PUT --header 'Content-Type: application/json' --data "$3"} "$url$2" \
    <<<"Authorization: Bearer $token") || exit 1
  # The last line is the status.
  local status=${response##*$'\n'}
  response=${response%$'\n'*}
  [[ $status == 200 ]] || fail "The API returned the status $status."
  jq --exit-status --arg type "$1" '.data | type == $type' <<<"$response" >/dev/null 2>&1 ||
    fail 'The response has no data.'
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

number=${number//[^0-9]/}
((${#number} == 10)) || fail 'The number must have ten digits.'
send array "$phones"
others=$(jq --raw-output 'keys - ["data"] | join(", ")' <<<"$response")
[[ -z $others ]] || fail "The list may be one page of several. It also has: $others"

# Versions of jq before 1.7 round larger ids.
same_ids='.data[] | objects | select(.number | tostring | gsub("[^0-9]"; "") | contains($number))
  | .id | tostring | if test("^[0-9]{1,15}$") then . else null end'
ids=$(jq --raw-output --arg number "$number" "$same_ids" <<<"$response")
[[ $ids ]] || fail 'No record has this number.'
is_marked='(.data.id | tostring) == $id and .data.no_contact == 1 and (.status | . == null or . == "success")'
failed=0
while read -r id; do
  # If one update fails, the other records with the number have to be marked all the same.
  (
    [[ $id != null ]] || fail 'The record has no id that jq can read.'
    send object "$phones/$id" '{"no_contact": 1}'
    jq --exit-status --arg id "$id" "$is_marked" <<<"$response" >/dev/null 2>&1 ||
      fail 'The API returned something else.'
    echo "$id is marked do-not-contact"
  ) || { failed=1 && printf "Don't dial. %s isn't marked.\n" "$id" >&2; }
done <<<"$ids"
exit "$failed"
