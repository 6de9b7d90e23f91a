/** Hides a name from a request or a world file if it could be a misplaced value, such as a phone number or a street. */
export function redactName(name: string): string {
  return /^(?!(?:\D*\d){3})[a-z_][\w-]{0,39}$/i.test(name) ? name : '(hidden name)'
}
