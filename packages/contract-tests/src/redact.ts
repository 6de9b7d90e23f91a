/** Masks phone numbers, social security numbers, tokens and passwords, in case a report contains one by mistake. */

/**
 * Returns a function that masks phone numbers, social security numbers, tokens and the given secrets in a text.
 *
 * @example createRedactor(['s3cret'])('Bearer s3cret called 202-555-0143') // 'Bearer [redacted] called [number]'
 */
export function createRedactor(secrets: (string | undefined)[]): (text: string) => string {
  const known = secrets.filter((secret): secret is string => secret !== undefined && secret.length >= 4)
  return (text) =>
    known
      .reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text)
      .replace(/\bBearer\s+(?!\[redacted\])[\w.~+/-]{4,}=*/gi, 'Bearer [redacted]')
      .replace(/\beyJ[\w-]+(\.[\w-]+){1,2}/g, '[redacted]')
      .replace(
        /(?:\+?\b1[-. ]?)?(?:\(\d{3}\)[-. ]?|(?<!\d)\d{3}[-. ]|(?<=\b1)\d{3}[-. ])\d{3}[-. ]\d{4}\b/g,
        '[number]',
      )
      .replace(/\b\d{3}-\d{2}-\d{4}\b/g, '[number]')
      .replace(/\+?(?<![\d-])1?\d{10}(?![\d-])/g, '[number]')
}

export function redact<T>(value: T, clean: (text: string) => string): T {
  if (typeof value === 'string') return clean(value) as T
  if (Array.isArray(value)) return value.map((item) => redact(item, clean)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redact(inner, clean)])) as T
}
