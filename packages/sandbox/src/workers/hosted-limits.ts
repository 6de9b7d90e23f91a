/** Fair-use limits for each world. `wrangler.jsonc` sets them. */
export interface HostedLimits {
  REQUESTS_PER_SECOND: number
  BURST: number
  RECORDS_PER_WORLD: number
  BYTES_PER_WORLD: number
  IDLE_SECONDS: number
}
