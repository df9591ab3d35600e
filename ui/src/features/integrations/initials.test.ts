// Names of any shape and script give letters.
import { expect, it } from 'vitest';

import { colourOf, initialsOf } from './initials';

it.each([
  ['Acme CRM', 'AC'],
  ['validations', 'V'],
  ['  orders / billing / more ', 'OB'],
  ['Única', 'Ú'],
  ['Доставка', 'Д'],
  ['2FA', '2'],
  ['🔑 !', ''],
  ['', ''],
])('%s gives %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

it('gives a name one colour', () => {
  expect(colourOf('Acme')).toBe(colourOf('Acme'));
});
