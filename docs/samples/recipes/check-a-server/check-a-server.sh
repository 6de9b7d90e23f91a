# The page "Downloads" says how to install recoveryconnect-verify in this folder.
# Reads only. To check a server made for tests completely, add --write --disposable.
# For another server, set RECOVERYCONNECT_URL and RECOVERYCONNECT_TOKEN, and replace the ids.
export RECOVERYCONNECT_TOKEN=${RECOVERYCONNECT_TOKEN:-demo}
npx --no-install recoveryconnect-verify --url "${RECOVERYCONNECT_URL:-http://127.0.0.1:4020}" \
  --order 57062885 --borrower 124927241
