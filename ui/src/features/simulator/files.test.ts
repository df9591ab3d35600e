import { expect, test } from 'vitest';

import { degrees, factsOf } from './files';

test('a file is told by its facts', () => {
  expect(factsOf({ name: 'a.png', type: 'image/png', size: 3 })).toEqual({
    kind: 'image',
    mime_type: 'image/png',
    filename: 'a.png',
    bytes: 3,
  });
  expect(factsOf({ name: 'a.pdf', type: 'application/pdf', size: 3 }).kind).toBe('document');
  expect(factsOf({ name: 'a', type: '', size: 0 }).mime_type).toBe('application/octet-stream');
});

test('degrees are read with a point or a comma, within bounds', () => {
  expect(degrees('4.6097', 90)).toBe(4.6097);
  expect(degrees(' -74,08175 ', 180)).toBe(-74.08175);
  expect(degrees('91', 90)).toBeNull();
  expect(degrees('1e2', 180)).toBeNull();
  expect(degrees('', 90)).toBeNull();
});
