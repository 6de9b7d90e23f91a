# The page "Downloads" says how to install recoveryconnect-faults in this folder.
# In another terminal, start the faults: npx --no-install recoveryconnect-faults
# Each fault has a base URL. This one closes the connection before it responds.
curl --silent --show-error --max-time 10 --header 'Authorization: Bearer my-run' --header 'Accept: application/json' \
  http://127.0.0.1:4050/reset-before-headers/api/v140/orders/57062885/borrowers/124927241/phones
# What arrived with the token my-run
curl --silent 'http://127.0.0.1:4050/faults/reset-before-headers/arrivals?run=my-run'
