import { expect, test } from 'vitest';

import { bodyOf, editedOf, readJson, textOfValue, valueOfText } from './form';

const form = {
  id: 'frm_1',
  channel_id: 'chn_1',
  name: 'Order',
  flow_id: '',
  screens: [],
  problems: [],
  created_at: '',
  updated_at: '',
  definition: {
    language: 'en' as const,
    error_message: '',
    handlers: [
      { ask: 'INIT' as const, screen: '', action_id: '', credential_id: '', next: { screen: 'DAY', message: '' } },
    ],
  },
};

test('what the API leaves out is there while it is edited', () => {
  const edited = editedOf(form);
  expect(edited.json).toBe('');
  expect(edited.handlers[0]).toMatchObject({
    inputs: {},
    branches: [],
    failures: {},
    next: { screen: 'DAY', data: {} },
  });
  const { definition } = bodyOf(edited, readJson(edited.json) ?? {});
  expect(definition).toMatchObject({ flow_json: {}, language: 'en' });
  expect(JSON.stringify(definition)).not.toContain('rowId');
});

test.each([
  ['{{outputs.price}}', '{{outputs.price}}'],
  ['[{"id": "1"}]', [{ id: '1' }]],
  ['{"a": 1}', { a: 1 }],
  ['[not json', '[not json'],
  ['12', '12'],
])('%s is the value %o', (text, value) => {
  expect(valueOfText(text)).toEqual(value);
  expect(valueOfText(textOfValue(value))).toEqual(value);
});

test('only an object is the JSON of a form', () => {
  expect(readJson('[]')).toBeNull();
  expect(readJson('{"a"')).toBeNull();
  expect(readJson(' ')).toEqual({});
});
