/** Reads and compares phone numbers of the North American Numbering Plan (NANP), however they are written. */

/**
 * Reads a phone number as digits: ten for a whole number, seven to nine for part of one, and `+` with 11 to 15 for a
 * number outside the NANP. The script of the digits, punctuation, `tel:`, the country code 1 and an extension make no
 * difference.
 *
 * Returns undefined if the number is unreadable: it's empty, masked or lettered, has too few or too many digits, has
 * more than 255 characters, is written from right to left, or could be two numbers.
 *
 * @example readNumber('tel:+1 (678) 555-0142;ext=22') // '6785550142'
 */
export function readNumber(number: unknown): string | undefined {
  const text = typeof number === 'object' ? '' : String(number)
  // Runtimes take minutes to normalize a million combining marks.
  if (text.length > 255) return undefined
  // U+202E shows the digits that follow in reverse order, so it stays and makes the number unreadable.
  const compact = text
    .normalize('NFKC')
    .replace(/(?!\d)\p{Nd}/gu, readDigit)
    .replace(/(?!\u202e)[\s\p{Pd}\p{Ps}\p{Pe}\p{Cf}.\u00b7\u2212]/gu, '')
  const [, prefix, digits = ''] =
    /^(?:tel:?)?(\+|011)?(\d{7,15})(?:(?:;?ext(?:ensio)?n?|x|#)[:=]?\d{1,6})?$/i.exec(compact) ?? []
  // No area code and no exchange starts with 1, so it's the country code.
  const national = digits.replace(/^1/, '')
  if (national.length >= 7 && national.length <= 10) return national
  return prefix && national === digits ? `+${digits}` : undefined
}

/**
 * Compares two numbers that {@link readNumber} returned.
 *
 * Part of a number is `partial` with every number that has the same digits in the same order. That covers a missing
 * area code, and digits that someone left out or cut off. Digits after the seventh can be an extension, as in
 * `555-0142 22`, so a number that ends with the first seven is `partial`, too.
 */
export function compareNumbers(
  one: string | undefined,
  other: string | undefined,
): 'same' | 'partial' | 'different' | 'unreadable' {
  if (!one || !other) return 'unreadable'
  if (one === other) return 'same'
  const [part, whole] = one.length < other.length ? [one, other] : [other, one]
  if (part.length === whole.length) return 'different'
  if (whole.endsWith(part.slice(0, 7))) return 'partial'
  let end = 0
  for (const digit of part) {
    end = whole.indexOf(digit, end) + 1
    if (!end) return 'different'
  }
  return 'partial'
}

/**
 * Returns whether a number is ten digits, with or without dashes, and the NANP doesn't rule it out. Area codes and
 * exchanges start with 2 to 9. No area code is an N11 code, such as 411. No exchange is 911, and other N11 codes are
 * exchanges only in area codes for services. The last two digits of such a code are the same, as in 800.
 *
 * Whether a code is assigned makes no difference: that changes, and the vendor's own sample has area code 887.
 *
 * @see https://en.wikipedia.org/wiki/North_American_Numbering_Plan, https://en.wikipedia.org/wiki/N11_code
 */
export function isDialable(number: unknown): boolean {
  const rule = /^(?!.11)[2-9](?:(\d)\1-?(?!911)|\d\d-?(?!.11))[2-9]\d\d-?\d{4}$/
  return typeof number === 'string' && rule.test(number)
}

/** Unicode has the digits of a script in order, starting with 0, and up to five sets side by side. */
function readDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let value = 0
  while (/\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++
  return String(value % 10)
}
