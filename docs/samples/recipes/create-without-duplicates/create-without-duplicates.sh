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
  # A file ~/.curlrc could turn on retries and redirects. The list of processes would show a token in the arguments.
  response=$(curl --retry 0 --no-location --silent --show-error --max-time 10 --write-out '\n%{http_code}' \
    --header @- --header 'Accept: application/json' \
    ${1:+--header 'Content-Type: application/json' --data "$1"} "$url$phones" \
    <<<"Authorization: Bearer $token") || exit 1
  # The last line is the status.
  local status=${response##*$'\n'}
  response=${response%$'\n'*}
  local rejected=
  [[ $status != 422 ]] ||
    rejected=$(jq --raw-output '.errors | objects | keys | join(", ")' <<<"$response" 2>/dev/null) || true
  [[ -z $rejected ]] || fail "The API rejected: $rejected"
  [[ $status == 200 ]] || fail "The API returned the status $status."
  jq --exit-status '.data | iterables' <<<"$response" >/dev/null 2>&1 || fail 'The response has no data.'
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# In another form, the number would equal no number that is stored, and each run would create it again.
[[ $number =~ ^[2-9][0-9]{9}$ ]] || fail 'The number must be ten digits, without dashes.'

send
others=$(jq --raw-output 'keys - ["data"] | join(", ")' <<<"$response")
[[ -z $others ]] || fail "The list may be one page of several. It also has: $others"
found=$(jq --raw-output '.data[] | "\(.id) \(.valid),\(.no_contact) \(.deleted_at == null) \(
  .number | tostring | gsub("[\\s().+-]"; "") | ltrimstr("1"))"' <<<"$response" 2>/dev/null) ||
  fail 'The response has no data.'

same=
unclear=
while read -r id flags is_kept digits; do
  if [[ $digits == "$number" ]]; then
    [[ $flags == "$valid,$no_contact" ]] || fail "Don't dial. The number is stored with other flags: $id"
    if [[ $is_kept == true ]]; then same=$id; else unclear+=${unclear:+, }$id; fi
  elif [[ $id && ! $digits =~ ^[2-9][0-9]{9}$ ]]; then
    # A number that is masked, partial or otherwise not ten digits can be this one.
    unclear+=${unclear:+, }$id
  fi
done <<<"$found"
[[ -z $same ]] || { echo "stored already as $same" && exit; }
[[ -z $unclear ]] || fail "Check by hand whether one of these has the number and isn't deleted: $unclear"

send "{\"type\": 6, \"number\": \"$number\", \"valid\": $valid, \"no_contact\": $no_contact}"
read -r id flags < <(jq --raw-output '.data | "\(.id) \(.valid),\(.no_contact)"' <<<"$response")
[[ $flags == "$valid,$no_contact" ]] || fail "Don't dial. The API stored other flags: $id"
echo "stored as $id"
