// Identifiers are made and judged as the server does it.
import { describe, expect, it } from 'vitest';

import { identifierOf, isIdentifier, slipOf } from './identifier';

describe('an identifier made from a name', () => {
  it.each([
    ['API key', 'api_key'],
    ['Código de acceso', 'codigo_de_acceso'],
    ['Não sei!', 'nao_sei'],
    ['2FA code', 'fa_code'],
    ['__x__', 'x'],
    ['ﬁeld Ⅳ', 'field_iv'],
    ['Ключ', ''],
    ['', ''],
    ['a'.repeat(63) + ' b', 'a'.repeat(63)],
  ])('%s gives %s', (name, identifier) => {
    expect(identifierOf(name)).toBe(identifier);
  });

  it('holds to the rule, whatever the name', () => {
    for (const name of ['a', 'A-', '9 lives', 'x'.repeat(200), '_ _ a _', 'ß']) {
      const made = identifierOf(name);
      expect(made === '' || isIdentifier(made)).toBe(true);
    }
  });
});

describe('the rule', () => {
  it.each([
    ['api_key', null],
    ['a', null],
    ['code2', null],
    ['', 'empty'],
    ['Code', 'characters'],
    ['api-key', 'characters'],
    ['é', 'characters'],
    ['2fa', 'start'],
    ['_code', 'start'],
    ['code_', 'end'],
    ['a'.repeat(64), null],
    ['a'.repeat(65), 'long'],
  ])('%s: %s', (text, slip) => {
    expect(slipOf(text)).toBe(slip);
    expect(isIdentifier(text)).toBe(slip === null);
  });
});
