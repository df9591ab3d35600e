// What a problem of a flow says in another language.
import { beforeAll, expect, test } from 'vitest';

import { i18n } from '../../i18n';
import errors from '../../i18n/es/errors.json';
import { problemText } from './problems';

beforeAll(() => i18n.init({ lng: 'es', resources: { es: { errors } }, interpolation: { escapeValue: false } }));

test('types are named in the language of the sentence', () => {
  const params = { name: 'answers.photo', found: 'file', type: 'integer' };
  const text = problemText({ code: 'binding_type', message: 'English', params });
  expect(text).toBe('«answers.photo» es un archivo y nunca puede ser un número entero.');
});

test('what people wrote stands in it as they wrote it', () => {
  const text = problemText({ code: 'title_duplicate', message: 'English', params: { title: '<b> $t(x) & «' } });
  expect(text).toContain('<b>');
});
