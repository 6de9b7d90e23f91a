/**
 * Checks the real server that the environment names, as part of `test`. It only reads. Turbo never caches it: what a
 * server did yesterday says nothing about today.
 */
if (process.env.RECOVERYCONNECT_URL) await import('./src/command.ts')
else
  console.info(
    'No real server to check. To check one, set RECOVERYCONNECT_URL, RECOVERYCONNECT_TOKEN, RECOVERYCONNECT_ORDER_ID and RECOVERYCONNECT_BORROWER_ID.',
  )
