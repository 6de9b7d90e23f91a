#!/usr/bin/env bash
# Creates a phone. If the response is lost, finds out whether the API stored the record. Needs jq.
# Exit code: 0 if it is stored, 1 if nothing was stored, 2 if a person has to look, 3 if you can create it again.
# Do not run it again after a 2, because that could create a second record.
set -Eeuo pipefail
trap 'exit 1' ERR

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url=${RECOVERYCONNECT_URL:-http://127.0.0.1:4020}
token=${RECOVERYCONNECT_TOKEN:-demo}
path=/api/v140/orders/57062885/borrowers/124927241/phones
body='{"type": 6, "number": "2025550143", "valid": 1, "no_contact": 0}'

# Arguments: body. Without a body, it reads. curl sends the request once. Sets `status` and `response`.
send() {
  status=0
  response=$(curl --silent --show-error --max-time 10 --write-out '\n%{http_code}' \
    --header "Authorization: Bearer $token" --header 'Accept: application/json' \
    ${1:+--header 'Content-Type: application/json' --data "$1"} "$url$path") || return 0
  # The last line is the status.
  status=${response##*$'\n'}
  response=${response%$'\n'*}
}

# Sets `phones`, or `reason` if there is no complete list.
list() {
  send
  phones=
  reason='The response has no data.'
  ((status != 0)) || reason='The request failed.'
  ((status == 0 || status == 200)) || reason="The API returned the status $status."
  ((status == 200)) || return 0
  others=$(jq --raw-output 'keys - ["data"] | join(", ")' <<<"$response" 2>/dev/null) || return 0
  [[ -z $others ]] || reason="The list may be one page of several. It also has: $others."
  [[ $others ]] ||
    phones=$(jq '.data | if type == "array" and all(.id) then . else empty end' <<<"$response" 2>/dev/null) || true
}

stop() {
  printf '%s\n' "$2" >&"$((1 + ($1 > 0)))"
  exit "$1"
}

list
before=$phones
[[ $before ]] || stop 1 "Nothing was sent. $reason"
trap 'exit 2' ERR
send "$body"
# We assume that the API stores nothing with these statuses. The vendor does not document any error.
[[ ! $status =~ ^(401|403|422|429)$ ]] || stop 1 "Nothing was stored. The API returned the status $status."
if ((status == 200)) && id=$(jq --exit-status .data.id <<<"$response" 2>/dev/null); then
  jq --exit-status '.data.valid == 1 and .data.no_contact == 0' <<<"$response" >/dev/null ||
    stop 2 "Don't dial. The API stored something else: $id"
  stop 0 "stored as $id"
fi

# The server may still be working. The vendor documents no limit: half a minute is our choice.
for pause in 0 2 8 20; do
  sleep "$pause"
  list
  [[ $phones ]] || continue
  found=$(jq --argjson before "$before" 'map(select(.id as $id | $before | all(.id != $id)))' <<<"$phones")
  same=$(jq --raw-output --argjson body "$body" 'map(select(
    (.number |= (tostring | gsub("[ ().+-]"; "") | ltrimstr("1"))) as $phone
    | $body | to_entries | all($phone[.key] == .value)) | .id) | select(length == 1)[0]' <<<"$found")
  [[ -z $same ]] || stop 0 "stored as $same"
done
[[ $phones ]] ||
  stop 2 "It's unknown whether the API stored the phone. $reason List the phones before you create it again."
[[ $found != '[]' ]] || stop 3 'Not stored after 30 seconds. You can create it again.'
ids=$(jq --raw-output 'map(.id) | join(", ")' <<<"$found")
stop 2 "A person has to decide whether one of these is the record: $ids"
