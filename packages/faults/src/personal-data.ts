/** Invented personal data that the responses contain. No social security number starts with 000. */
export const personalData = {
  number: '678-555-0142',
  memo: 'ask for the neighbor',
  firstname: 'Averil',
  lastname: 'Exampleson',
  birthday: '1970-02-03',
  license_no: 'D0142-98765',
  ssn: '000-12-3456',
  street: '98 Nowhere Boulevard',
}

/** Lists which secrets a text shows, with or without their dashes. */
export function findSecrets(text: string, token: string): string[] {
  const shown = text.replaceAll('-', '')
  const secrets = Object.entries({ token, ...personalData })
  return secrets.filter(([, secret]) => shown.includes(secret.replaceAll('-', ''))).map(([name]) => name)
}

/** Returns a text, unless it shows a secret. */
export function hideSecrets(text: string, token: string): string {
  return findSecrets(text, token).length ? '(hidden, because it shows a secret)' : text
}
