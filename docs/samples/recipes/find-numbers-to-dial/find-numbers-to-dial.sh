#!/usr/bin/env bash
# Prints the phones of an order, each with the fields that rule out a call. Needs jq.
# "no objection" isn't permission to call.
set -euo pipefail

# For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
url=${RECOVERYCONNECT_URL:-http://127.0.0.1:4020}
token=${RECOVERYCONNECT_TOKEN:-demo}
borrowers=/api/v140/orders/57062885/borrowers

list() {
  local response status others
  # A file ~/.curlrc could turn on retries and redirects. The list of processes would show a token in the arguments.
  response=$(curl --retry 0 --no-location --silent --show-error --max-time 10 --write-out '\n%{http_code}' \
    --header @- --header 'Accept: application/json' "$url$1" <<<"Authorization: Bearer $token") || exit 1
  # The last line is the status.
  status=${response##*$'\n'}
  response=${response%$'\n'*}
  [[ $status == 200 ]] || fail "The API returned the status $status."
  jq --exit-status '.data | arrays' <<<"$response" >/dev/null 2>&1 || fail 'The response has no data.'
  # Versions of jq before 1.7 round larger ids.
  jq --exit-status '.data | all(.id | tostring | test("^[0-9]{1,15}$"))' <<<"$response" >/dev/null 2>&1 ||
    fail 'A record has no id that jq can read.'
  others=$(jq --raw-output 'keys - ["data"] | join(", ")' <<<"$response")
  [[ -z $others ]] || fail "The list may be one page of several. It also has: $others"
  jq .data <<<"$response"
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

found=
every_borrower=$(list "$borrowers")
while read -r borrower; do
  id=$(jq --raw-output .id <<<"$borrower")
  phones=$(list "$borrowers/$id/phones")
  addresses=$(list "$borrowers/$id/addresses")
  # As arguments of jq, they could be too long, and the list of processes would show them.
  found+=$(jq --slurp '{borrower: .[0], phones: .[1], addresses: .[2]}' <<<"$borrower $phones $addresses")
done < <(jq --compact-output '.[]' <<<"$every_borrower")

jq --slurp --raw-output '
  # The fields that are missing or have another value than the one that permits a call.
  def objections($kind; $permits): . as $record | $permits | to_entries[]
    | select(.key as $key | ($record | has($key) | not) or $record[$key] != .value) | "\($kind).\(.key)";
  # Ten digits. A masked, partial or other number is null.
  def digits: (tostring | gsub("[ ().+-]"; "") | capture("^1?(?<ten>[2-9][0-9]{9})$").ten) // null;
  def of_phone: objections("phone"; {no_contact: 0, valid: 1});

  def of_borrower:
    (.borrower | objections("borrower"; {is_deceased: 0, bankruptcy: null, active_military: 0, deleted_at: null})),
    (.addresses[] | objections("address"; {no_contact: 0}));

  # Borrowers can share a number, so an objection to a phone or its borrower rules out the number for all of them.
  # A number that is null can be any number.
  [.[] | [of_borrower] as $of_borrower | .phones[] | select([of_phone] + $of_borrower != []) | .number | digits]
    as $ruled_out
  | .[] | [of_borrower] as $of_borrower | .phones[]
  | .id as $id | (.number | digits) as $digits | [
      of_phone,
      $of_borrower[],
      (if .number | tostring | test("^[2-9](?!11)[0-9]{2}-?[2-9](?!11)[0-9]{2}-?[0-9]{4}$")
        then empty else "phone.number" end),
      (if .deleted_at == null then empty else "phone.deleted_at" end),
      (if $ruled_out | any(. == null or . == $digits) then "number ruled out" else empty end)
    ]
  # Each objection once, in their order
  | reduce .[] as $one ([]; . + ([$one] - .))
  | "\($id) \(join(", ") | if . == "" then "no objection" else . end)"
' <<<"$found"
