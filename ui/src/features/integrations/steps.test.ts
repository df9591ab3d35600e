// Which steps are done, and how references follow a renamed field.
import { describe, expect, it } from 'vitest';

import type { Auth, Request } from '../../api/schema';
import { nextStep, referencesOf, renameReferences, stepStates } from './steps';

const auth: Auth = {
  scheme: 'api_key',
  key_in_url: false,
  fields: [{ id: 'fld_1', identifier: 'api_key', name: null, type: 'password', required: true }],
};
const request: Request = {
  method: 'GET',
  endpoint: 'https://{{ auth.region }}.acme.example/v1/{{auth.region}}',
  headers: [{ key: 'X-Key', value: 'Bearer {{auth.api_key}}', send_empty: false, allow_utf8: false }],
  follow_redirects: false,
};

describe('the steps', () => {
  it('begin with all but the settings missing', () => {
    const fresh = { auth: { ...auth, fields: [] }, test_request: null, credentials_count: 0, actions_count: 0 };

    expect(Object.values(stepStates(fresh))).toEqual(['done', 'missing', 'missing', 'missing', 'missing']);
    expect(nextStep(fresh)).toBe('authentication');
  });

  it('end at the actions', () => {
    const done = {
      auth,
      test_request: { ...request, endpoint: 'https://acme.example' },
      credentials_count: 1,
      actions_count: 2,
    };

    expect(Object.values(stepStates(done))).toEqual(['done', 'done', 'done', 'done', 'done']);
    expect(nextStep(done)).toBe('actions');
  });

  it('show a test request whose field is gone', () => {
    const broken = { auth, test_request: request, credentials_count: 1, actions_count: 2 };

    expect(stepStates(broken)['test-request']).toBe('broken');
    expect(nextStep(broken)).toBe('test-request');
  });
});

describe('references', () => {
  it('are found wherever they stand, each once', () => {
    expect(referencesOf(request)).toEqual(['region', 'api_key']);
  });

  it('follow a renamed field and leave all else alone', () => {
    const renamed = renameReferences(request, { region: 'area' });

    expect(renamed.endpoint).toBe('https://{{auth.area}}.acme.example/v1/{{auth.area}}');
    expect(renamed.headers).toEqual(request.headers);
  });

  it('may change places', () => {
    expect(renameReferences('{{auth.a}}{{auth.b}}{{inputs.a}}', { a: 'b', b: 'a' })).toBe(
      '{{auth.b}}{{auth.a}}{{inputs.a}}',
    );
  });

  it('follow inside of JSON and keep numbers', () => {
    expect(renameReferences({ a: [{ b: '{{auth.x}}', c: 1, d: null }] }, { x: 'y' })).toEqual({
      a: [{ b: '{{auth.y}}', c: 1, d: null }],
    });
  });
});
