/**
 * The part of `test` that holds the live server to the contract, if the environment names one. It only reads. Turbo
 * never takes it from its cache: what a server did yesterday says nothing about today.
 */
if (process.env.RECOVERYCONNECT_URL) await import('./src/command.ts')
else
  console.info(
    'No live server: set RECOVERYCONNECT_URL, _TOKEN, _ORDER_ID and _BORROWER_ID to hold one to the contract.',
  )
