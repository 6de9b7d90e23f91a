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

# Arguments: the type of the data, body. Without a body, it reads. It never sends a create twice. Sets `response`.
send() {
  # A file ~/.curlrc could turn on retries and redirects. The list of processes would show a token in the arguments.
  response=$(curl --retry 0 --no-location --silent --show-error --max-time 10 --write-out '\n%{http_code}' \
    --header @- --header 'Accept: application/json' \
    ${2:+--header 'Content-Type: application/json' --data "$2"} "$url$phones" \
    <<<"Authorization: Bearer $token") || exit 1
  # The last line is the status.
  local status=${response##*$'\n'}
  response=${response%$'\n'*}
  local rejected=
  [[ $status != 422 ]] ||
    rejected=$(jq --raw-output '.errors | objects | keys | join(", ")' <<<"$response" 2>/dev/null) || true
  [[ -z $rejected ]] || fail "The API rejected: $rejected"
  [[ $status == 200 ]] || fail "The API returned the status $status."
  jq --exit-status --arg type "$1" '.data | type == $type' <<<"$response" >/dev/null 2>&1 ||
    fail 'The response has no data.'
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# A number with dashes never matches a stored one, so each run would create it again.
[[ $number =~ ^[2-9][0-9]{9}$ ]] || fail 'The number must be ten digits, without dashes.'

send array
others=$(jq --raw-output 'keys - ["data"] | join(", ")' <<<"$response")
[[ -z $others ]] || fail "The list may be one page of several. It also has: $others"
found=$(jq --raw-output --argjson flags "[$valid, $no_contact]" '.data[]
  | (.number | tostring | gsub("[\\s().+-]"; "") | ltrimstr("1")
    | if test("^[2-9][0-9]{9}$") then . else "unreadable" end) as $digits
  | "\([.valid, .no_contact] == $flags) \(.deleted_at == null) \($digits) \(.id // "")"' <<<"$response" 2>/dev/null) ||
  fail 'The response has no data.'

same=
unclear=
while read -r has_flags is_kept digits id; do
  if [[ $digits == "$number" ]]; then
    [[ $id ]] || fail 'A record with this number has no id. Check by hand.'
    [[ $has_flags == true ]] || fail "Don't dial. The number is stored with other flags: $id"
    if [[ $is_kept == true ]]; then same=$id; else unclear+=${unclear:+, }$id; fi
  elif [[ $digits == unreadable ]]; then
    # A number that is masked, partial or otherwise not ten digits can be this one.
    unclear+=${unclear:+, }${id:-without an id}
  fi
done <<<"$found"
[[ -z $same ]] || { echo "stored already as $same" && exit; }
[[ -z $unclear ]] || fail "Check by hand whether one of these has the number and isn't deleted: $unclear"

send object "{\"type\": 6, \"number\": \"$number\", \"valid\": $valid, \"no_contact\": $no_contact}"
id=$(jq --raw-output 'select(.status == null or .status == "success") | .data.id // ""' <<<"$response")
[[ $id ]] || fail "The response has no id, or its own status isn't success."
jq --exit-status ".data | [.valid, .no_contact] == [$valid, $no_contact]" <<<"$response" >/dev/null ||
  fail "Don't dial. The API stored other flags: $id"
echo "stored as $id"
