// The field reads a template as the server does: both are held to the same table of cases.
import { describe, expect, it } from 'vitest';

import table from '../../../../tests/testdata/template_cases.json';
import {
  escapeTemplate,
  escapesIn,
  examine,
  literalOf,
  loneReference,
  nearest,
  readTemplate,
  referencesIn,
} from './grammar';
import type { ReferenceOption } from './types';

const option = (text: string): ReferenceOption => ({
  text,
  label: text,
  type: 'string',
  group: text.startsWith('auth') ? 'auth' : 'inputs',
  isSecret: false,
});
const OPTIONS = ['inputs.account_id', 'inputs.otp_code', 'auth.api_key', 'auth.region'].map(option);

/** Offsets count characters on the server and UTF-16 units here. */
const characters = (text: string, offset: number) => Array.from(text.slice(0, offset)).length;

function shape(text: string) {
  return readTemplate(text).map((part) => {
    if (part.kind === 'literal') return part.text;
    return part.kind === 'reference' ? [part.group, part.name, characters(text, part.from)] : null;
  });
}

describe('the cases of the server', () => {
  it.each(table.read)('reads $about', ({ text, parts }) => {
    expect(shape(text)).toEqual(parts);
  });

  it.each(table.refused)('finds the place of $about', ({ text, position }) => {
    const broken = readTemplate(text).find((part) => part.kind === 'broken');
    expect(broken && characters(text, broken.from) + 1).toBe(position);
  });
});

describe('a text', () => {
  it.each(['', 'a', '{{', 'a {{x}} b', '\\{{a}} {{inputs.b}}{{', '{{{inputs.a}}}', '{{inputs.a}}\n{{auth.b'])(
    '%j is covered by its parts',
    (text) => {
      const parts = readTemplate(text);
      expect(parts.map((part) => text.slice(part.from, part.to)).join('')).toBe(text);
    },
  );

  it('goes on behind braces that are no reference', () => {
    expect(readTemplate('{{nope}} {{inputs.a}}').map((part) => part.kind)).toEqual(['broken', 'literal', 'reference']);
  });

  it('knows its escapes', () => {
    expect(escapesIn('\\{{a}} {{inputs.b}} \\{{')).toEqual([0, 20]);
  });

  it('can be made to mean itself', () => {
    expect(shape(escapeTemplate('a {{b}} c'))).toEqual(['a {{b}} c']);
    expect(literalOf(escapeTemplate('a {{b}} c'))).toBe('a {{b}} c');
    expect(literalOf('a {{inputs.b}}')).toBeNull();
  });

  it('is a lone reference only when nothing stands beside it', () => {
    expect(loneReference('{{ inputs.a }}')?.name).toBe('a');
    expect(loneReference('{{inputs.a}} ')).toBeNull();
    expect(loneReference('{{inputs.a}}{{inputs.a}}')).toBeNull();
    expect(referencesIn('a{{inputs.a}}b{{auth.c}}').map((reference) => reference.name)).toEqual(['a', 'c']);
  });
});

describe('what is wrong with a text', () => {
  it('is nothing where all references are known', () => {
    expect(examine('https://x/{{inputs.account_id}}?k={{auth.region}}', OPTIONS)).toEqual([]);
  });

  it('is an unknown name, with the nearest known one', () => {
    expect(examine('{{auth.regoin}}', OPTIONS)).toEqual([
      { kind: 'unknown', from: 0, to: 15, written: 'auth.regoin', nearest: 'auth.region' },
    ]);
  });

  it('is anything else in braces', () => {
    expect(examine('a {{account_id}}', OPTIONS)).toEqual([
      { kind: 'syntax', from: 2, to: 16, written: 'account_id', nearest: 'inputs.account_id' },
    ]);
  });

  it('is not what the caret is still writing', () => {
    expect(examine('{{inputs.acc', OPTIONS, 12)).toEqual([]);
    expect(examine('{{inputs.acc', OPTIONS, null)).toHaveLength(1);
    expect(examine('{{inputs.acc and more', OPTIONS, 2)).toEqual([]);
  });

  it('is the 65th reference', () => {
    expect(examine('{{auth.region}}'.repeat(64), OPTIONS)).toEqual([]);
    expect(examine('{{auth.region}}'.repeat(66), OPTIONS).map((finding) => finding.kind)).toEqual(['too_many']);
  });
});

describe('the nearest name', () => {
  it.each([
    ['auth.account_id', 'inputs.account_id'],
    ['Auth.Region', 'auth.region'],
    ['inputs.acount_id', 'inputs.account_id'],
    ['inputs.otpcode', 'inputs.otp_code'],
    ['api_kye', 'auth.api_key'],
    ['inputs.weather', null],
    ['', null],
  ])('to %s is %s', (written, expected) => {
    expect(
      nearest(
        written,
        OPTIONS.map(({ text }) => text),
      ),
    ).toBe(expected);
  });
});
