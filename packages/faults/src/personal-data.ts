/** Invented personal data that the responses contain, so that the judge finds it in logs. No number starts with 000. */
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
