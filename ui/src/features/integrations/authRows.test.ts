// Rows keep their field's id, follow their name until touched, and become what the API takes.
import { describe, expect, it } from 'vitest';

import type { Auth } from '../../api/schema';
import { moveRow } from '../../components/rows';
import { authOf, authSlips, authValueOf, identifyRow, nameRow, newRow, renamedFields } from './authRows';

const auth: Auth = {
  scheme: 'api_key',
  name: 'Acme key',
  key_in_url: false,
  fields: [
    { id: 'fld_1', identifier: 'api_key', name: 'API key', type: 'password', required: true },
    { id: 'fld_2', identifier: 'region', name: null, type: 'text', required: false },
  ],
};

describe('rows', () => {
  it('go there and back unchanged', () => {
    expect(authOf(authValueOf(auth, newRow()))).toEqual(auth);
  });

  it('begin with one that waits to be filled in', () => {
    const fresh = newRow();

    expect(authValueOf({ ...auth, fields: [] }, fresh).rows).toEqual([fresh]);
  });

  it('make the identifier from the name until it is touched', () => {
    const named = nameRow(newRow(), 'Clave de acceso');
    expect(named.identifier).toBe('clave_de_acceso');

    const touched = nameRow(identifyRow(named, 'token'), 'Another name');
    expect(touched.identifier).toBe('token');

    expect(nameRow(identifyRow(touched, ''), 'Account').identifier).toBe('account');
  });

  it('move up and down, and stop at the ends', () => {
    const { rows } = authValueOf(auth, newRow());
    const keys = (moved: typeof rows) => moved.map((row) => row.key);

    expect(keys(moveRow(rows, 0, 1))).toEqual(['fld_2', 'fld_1']);
    expect(keys(moveRow(rows, 1, -1))).toEqual(['fld_2', 'fld_1']);
    expect(keys(moveRow(rows, 0, -1))).toEqual(['fld_1', 'fld_2']);
    expect(keys(moveRow(rows, 1, 1))).toEqual(['fld_1', 'fld_2']);
  });

  it('tell what is wrong, with its place', () => {
    const rows = ['ok', 'Not', 'ok', ''].map((identifier) => identifyRow(newRow(), identifier));

    expect(authSlips(rows)).toEqual({
      'auth.fields[1].identifier': 'characters',
      'auth.fields[2].identifier': 'twice',
      'auth.fields[3].identifier': 'empty',
    });
  });

  it('tell a renamed field from a removed and a new one', () => {
    const { rows } = authValueOf(auth, newRow());
    const [first] = rows;

    expect(
      renamedFields(auth, [
        { ...first!, identifier: 'token' },
        { ...newRow(), identifier: 'region' },
      ]),
    ).toEqual({ api_key: 'token' });
  });
});
