# Reads only. To check a server made for tests completely, add --disposable.
# The local sandbox accepts every token.
export RECOVERYCONNECT_TOKEN=${RECOVERYCONNECT_TOKEN:-demo}
npx recoveryconnect-verify --url "${RECOVERYCONNECT_URL:-http://127.0.0.1:4020}" \
  --order 57062885 --borrower 124927241
