/** Keeps numbers, tokens and notes out of reports. What is written there is built without them; this is the last net. */

/**
 * A function that blanks phone numbers, tokens and the given secrets in a text.
 *
 * @example redactor(['s3cret'])('Bearer s3cret called 202-555-0143') // 'Bearer [redacted] called [number]'
 */
export function redactor(secrets: (string | undefined)[]): (text: string) => string {
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
      .replace(/\+?(?<![\d-])1?\d{10}(?![\d-])/g, '[number]')
}

/** Blanks every text in a value. */
export function redacted<T>(value: T, clean: (text: string) => string): T {
  if (typeof value === 'string') return clean(value) as T
  if (Array.isArray(value)) return value.map((item) => redacted(item, clean)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redacted(inner, clean)])) as T
}
