/**
 * As part of `test`, checks the real server that the environment variables name. It only reads. Turbo never caches the
 * result, because a server can change at any time.
 */
if (process.env.RECOVERYCONNECT_URL) await import('./src/command.ts')
else
  console.info(
    'No real server to check. To check one, set RECOVERYCONNECT_URL, RECOVERYCONNECT_TOKEN, RECOVERYCONNECT_ORDER_ID and RECOVERYCONNECT_BORROWER_ID.',
  )
