/** Fair use, per world. `wrangler.jsonc` sets these limits. */
export interface HostedLimits {
  REQUESTS_PER_SECOND: number
  BURST: number
  RECORDS_PER_WORLD: number
  BYTES_PER_WORLD: number
  IDLE_SECONDS: number
}
