// What is sealed here opens with the private key, in its place only; the bytes of a place are those of the server.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { SecretKey } from '../../api/schema';
import { newCredentialId } from './newId';
import { fingerprintOf, fromBase64Url, KeyRefused, placeBytes, readKey, seal, type Place } from './sealing';

// jsdom brings byte arrays of its own, which the cryptography of Node does not take for such.
vi.hoisted(() => {
  globalThis.Uint8Array = Object.getPrototypeOf(Buffer.prototype).constructor as Uint8ArrayConstructor;
  globalThis.ArrayBuffer = Buffer.alloc(1).buffer.constructor as ArrayBufferConstructor;
});

interface Vectors {
  alg: string;
  private_key: string;
  public_key: string;
  kid: string;
  place: [string, string, string, string];
  info: string;
  vectors: { name: string; value: string; hosts: string[]; sealed: string }[];
}

const vectors = JSON.parse(
  readFileSync(resolve(process.cwd(), '../tests/testdata/sealing_vectors.json'), 'utf8'),
) as Vectors;
const [workspaceId, integrationId, credentialId, authFieldId] = vectors.place;
const place: Place = { workspaceId, integrationId, credentialId, authFieldId };
const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (data: Uint8Array) => Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');

async function key(): Promise<SecretKey> {
  const raw = bytes(vectors.public_key);
  const fingerprint = await fingerprintOf(raw);
  const public_key = btoa(String.fromCharCode(...raw))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  return { kid: vectors.kid, alg: vectors.alg, public_key, fingerprint, workspace_id: workspaceId };
}

async function open(sealed: string, where: Place): Promise<unknown> {
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientKey = await suite.kem.deserializePrivateKey(bytes(vectors.private_key).buffer);
  const data = fromBase64Url(sealed);
  const info = placeBytes(where).buffer;
  const recipient = await suite.createRecipientContext({ recipientKey, enc: data.slice(0, 32).buffer, info });
  return JSON.parse(new TextDecoder().decode(await recipient.open(data.slice(32).buffer)));
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('sealing', () => {
  it('writes a place as the server does', () => {
    expect(hex(placeBytes(place))).toBe(vectors.info);
  });

  it.each(vectors.vectors)('reads what others sealed: $name', async ({ value, hosts, sealed }) => {
    expect(await open(sealed, place)).toEqual({ value, hosts });
  });

  it.each(vectors.vectors)('seals so that it opens: $name', async ({ value, hosts }) => {
    const made = await seal(await key(), place, value, hosts);

    expect(made).toMatchObject({ kid: vectors.kid, alg: vectors.alg });
    expect(made.sealed).toMatch(/^[\w-]+$/);
    expect(await open(made.sealed, place)).toEqual({ value, hosts });
  });

  it('seals the same without the X25519 of the browser', async () => {
    const native = crypto.subtle.importKey.bind(crypto.subtle) as (...given: unknown[]) => Promise<CryptoKey>;
    const without = (...given: unknown[]) =>
      JSON.stringify(given[2]).includes('X25519')
        ? Promise.reject(new DOMException('', 'NotSupportedError'))
        : native(...given);
    vi.spyOn(crypto.subtle, 'importKey').mockImplementation(without as typeof crypto.subtle.importKey);
    const made = await seal(await key(), place, 'a-key-for-tests', ['https://api.acme.example']);
    vi.restoreAllMocks();

    expect(await open(made.sealed, place)).toEqual({ value: 'a-key-for-tests', hosts: ['https://api.acme.example'] });
  });

  it('opens in its own place only', async () => {
    const made = await seal(await key(), place, 'a-key-for-tests', []);

    await expect(open(made.sealed, { ...place, credentialId: newCredentialId() })).rejects.toThrow();
  });

  it('never gives the same bytes twice', async () => {
    const [first, second] = await Promise.all([
      seal(await key(), place, 'same', []),
      seal(await key(), place, 'same', []),
    ]);

    expect(first.sealed).not.toBe(second.sealed);
  });

  it.each(['kid', 'alg', 'fingerprint'] as const)('refuses a key whose %s is not its own', async (name) => {
    await expect(readKey({ ...(await key()), [name]: 'other' })).rejects.toBeInstanceOf(KeyRefused);
  });
});

describe('ids of credentials', () => {
  it('have the shape of the server and sort by time', () => {
    const [early, late] = [newCredentialId(1_764_000_000_000), newCredentialId(1_764_000_000_001)];

    expect(early).toMatch(/^crd_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(early < late).toBe(true);
    expect(newCredentialId(0).slice(4, 14)).toBe('0000000000');
  });
});
