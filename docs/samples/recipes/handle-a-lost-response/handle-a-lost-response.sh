#!/usr/bin/env bash
# Creates a phone. If the response is lost, finds out whether the API stored the record. Needs jq.
set -euo pipefail

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url=${RECOVERYCONNECT_URL:-http://127.0.0.1:4020}
token=${RECOVERYCONNECT_TOKEN:-demo}
phones=/api/v140/orders/57062885/borrowers/124927241/phones
body='{"type": 6, "number": "2025550143", "valid": 1, "no_contact": 0}'
headers=(--header "Authorization: Bearer $token" --header 'Accept: application/json')

list() {
  local response
  response=$(curl --fail-with-body --silent --show-error --max-time 10 \
    "${headers[@]}" "$url$phones") || fail "$response"
  # A list with anything beside "data" can be one page of several.
  jq --exit-status 'keys == ["data"]' <<<"$response" >/dev/null || fail "$response"
  printf '%s' "$response"
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

before=$(list)
# The last line is the status, or 000 if there is no response. curl sends the request once.
response=$(curl --silent --max-time 10 "${headers[@]}" --header 'Content-Type: application/json' \
  --data "$body" --write-out '\n%{http_code}' "$url$phones") || true
status=${response##*$'\n'}
created=${response%$'\n'*}
# With these statuses, the API has stored nothing.
[[ $status =~ ^(401|403|422|429)$ ]] && fail "$created"
[[ $status == 200 ]] && id=$(jq .data.id <<<"$created" 2>/dev/null) && [[ $id =~ ^[0-9]+$ ]] && {
  jq --exit-status '.data.valid == 1 and .data.no_contact == 0' <<<"$created" >/dev/null ||
    fail "Don't dial. The API stored other flags: $created"
  echo "stored as $id"
  exit
}

# The server may still be working. PHP runs a request for half a minute by default.
for pause in 0 2 8 20; do
  sleep "$pause"
  found=$(list | jq --argjson before "$before" '.data | map(select(.id as $id | $before.data | all(.id != $id)))')
  same=$(jq --argjson body "$body" 'map(select(
    (.number |= (tostring | gsub("[ ().+-]"; "") | ltrimstr("1"))) as $phone
    | $body | to_entries | all($phone[.key] == .value)) | .id)' <<<"$found")
  if [[ $(jq length <<<"$same") == 1 ]]; then
    echo "stored as $(jq '.[0]' <<<"$same")"
    exit
  fi
done
[[ $found == '[]' ]] && fail 'Not stored after 30 seconds. You can create it again.'
fail "A person has to decide whether one of these is the record: $(jq --compact-output 'map(.id)' <<<"$found")"
