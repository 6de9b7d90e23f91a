#!/usr/bin/env bash
# Creates a phone. If the response is lost, finds out whether the API stored the record. Needs jq.
# Exit code: 0 if it is stored, 1 if nothing was stored, 2 if a person has to look, 3 if you can create it again.
# Do not run it again after a 0 or 2: it would create a second record, because it does not look for older ones.
# Treat every exit code that is not listed, such as that of a program that was killed, as 2.
set -Eeuo pipefail
trap 'exit 1' ERR

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url=${RECOVERYCONNECT_URL:-http://127.0.0.1:4020}
token=${RECOVERYCONNECT_TOKEN:-demo}
path=/api/v140/orders/57062885/borrowers/124927241/phones
body='{"type": 6, "number": "2025550143", "valid": 1, "no_contact": 0}'

# Selects a record that has every field of the body.
# shellcheck disable=SC2016 # The variables are those of jq.
same_record='select((.number |= (tostring | gsub("[ ().+-]"; "") | ltrimstr("1"))) as $phone
  | $body | to_entries | all($phone[.key] == .value))'
is_success='select(.status == null or .status == "success")'
# Versions of jq before 1.7 round larger ids.
exact_id='(type == "string" or type == "number" and . < 9007199254740992)'

# Arguments: body. Without a body, it reads. Sets `status` and `response`.
send() {
  status=0
  # A file ~/.curlrc could turn on retries and redirects. The list of processes would show a token in the arguments.
  response=$(curl --retry 0 --no-location --silent --show-error --max-time 10 --write-out '\n%{http_code}' \
    --header @- --header 'Accept: application/json' \
    ${1:+--header 'Content-Type: application/json' --data "$1"} "$url$path" \
    <<<"Authorization: Bearer $token") || return 0
  # The last line is the status.
  status=${response##*$'\n'}
  response=${response%$'\n'*}
}

# Sets `phones`, or `reason` if there is no complete list.
list() {
  send
  phones=
  reason='The response has no data, or an id is too large for jq.'
  ((status != 0)) || reason='The request failed.'
  ((status == 0 || status == 200)) || reason="The API returned the status $status."
  ((status == 200)) || return 0
  others=$(jq --raw-output 'keys - ["data"] | join(", ")' <<<"$response" 2>/dev/null) || return 0
  [[ -z $others ]] || reason="The list may be one page of several. It also has: $others."
  [[ $others ]] || phones=$(jq ".data | arrays | select(all(.[].id; $exact_id))" <<<"$response" 2>/dev/null) || true
}

stop() {
  printf '%s\n' "$2" >&"$((1 + ($1 > 0)))"
  exit "$1"
}

jq --exit-status '.number | test("^[2-9][0-9]{9}$")' <<<"$body" >/dev/null ||
  stop 1 'Nothing was sent. The number must be ten digits.'
list
before=$phones
[[ $before ]] || stop 1 "Nothing was sent. $reason"
trap 'exit 2' ERR
# Prints no error of curl: if the response is lost, the look-up finds out what happened.
send "$body" 2>/dev/null
# A gateway can also return these statuses after the API stored the phone. The API's errors have a message.
# We assume that the API stores nothing then. The vendor does not document any error.
if [[ $status =~ ^(401|403|422|429)$ ]] && jq --exit-status .message <<<"$response" >/dev/null 2>&1; then
  stop 1 "Nothing was stored. The API returned the status $status."
fi
if ((status == 200)) &&
  id=$(jq --exit-status --raw-output "$is_success | .data.id | select($exact_id)" <<<"$response" 2>/dev/null); then
  jq --exit-status --argjson body "$body" ".data | $same_record" <<<"$response" >/dev/null ||
    stop 2 "Don't dial. The API stored something else: $id"
  stop 0 "stored as $id"
fi

# The server may still be working. The vendor documents no limit: half a minute is our choice.
for pause in 0 2 8 20; do
  sleep "$pause"
  list
  [[ $phones ]] || continue
  # As an argument of jq, a list could be too long, and the list of processes would show it.
  found=$(jq --slurp '(.[0] | map(.id)) as $before | .[1] | map(select([.id] - $before != []))' <<<"$before $phones")
  same=$(jq --raw-output --argjson body "$body" "map($same_record | .id) | select(length == 1)[0]" <<<"$found")
  [[ -z $same ]] || stop 0 "stored as $same"
done
[[ $phones ]] ||
  stop 2 "It's unknown whether the API stored the phone. $reason List the phones before you create it again."
[[ $found != '[]' ]] || stop 3 'Not stored after 30 seconds. You can create it again.'
ids=$(jq --raw-output 'map(.id) | join(", ")' <<<"$found")
stop 2 "A person has to decide whether one of these is the record: $ids"
