import { expect, test } from 'vitest';

import { tokenIn } from './setupToken';

const TOKEN = 'k4Jd0-aaaa_bbbbccccdddd';

test.each([
  [`#${TOKEN}`, TOKEN],
  [`http://127.0.0.1:8000/setup#${TOKEN}`, TOKEN],
  [` ${TOKEN} `, TOKEN],
  ['http://127.0.0.1:8000/setup', ''],
  ['#', ''],
  ['', ''],
  [`#${TOKEN}<img>`, ''],
])('the token of %j is %j', (text, token) => {
  expect(tokenIn(text)).toBe(token);
});
