// Seals a value in this browser, to the server's public key, together with the hosts it may be sent to (HPKE, RFC 9180).
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';

import type { SealedValue, SecretKey } from '../../api/schema';

export const ALG = 'X25519-HKDF-SHA256-A256GCM';
const PURPOSE = 'recado/secret/v1';

/** Where a sealed value belongs; it opens nowhere else. */
export interface Place {
  workspaceId: string;
  integrationId: string;
  credentialId: string;
  authFieldId: string;
}

/** The server's key is not what it says it is. */
export class KeyRefused extends Error {}

/** Whether this page may use the browser's cryptography: only over HTTPS, or on the machine itself. */
export function canSeal(): boolean {
  return window.isSecureContext && typeof globalThis.crypto?.subtle === 'object';
}

/** Each part after its length in bytes (4 bytes, big-endian), so that no two places have the same bytes. */
export function placeBytes({ workspaceId, integrationId, credentialId, authFieldId }: Place): Uint8Array<ArrayBuffer> {
  const parts = [PURPOSE, workspaceId, integrationId, credentialId, authFieldId].map((part) =>
    new TextEncoder().encode(part),
  );
  const bytes = new Uint8Array(parts.reduce((size, part) => size + 4 + part.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

/** The SHA-256 of a public key in hex, by which people compare it. */
export async function fingerprintOf(publicKey: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', publicKey));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The key's bytes, where its id and fingerprint are really its own. */
export async function readKey(key: SecretKey): Promise<Uint8Array<ArrayBuffer>> {
  const publicKey = fromBase64Url(key.public_key);
  const fingerprint = await fingerprintOf(publicKey);
  if (
    key.alg !== ALG ||
    publicKey.length !== 32 ||
    key.fingerprint !== fingerprint ||
    key.kid !== fingerprint.slice(0, 16)
  ) {
    throw new KeyRefused();
  }
  return publicKey;
}

/** `{value, hosts}` as only the server opens it. Text fields are sealed with no hosts. */
export async function seal(key: SecretKey, place: Place, value: string, hosts: string[]): Promise<SealedValue> {
  const publicKey = await readKey(key);
  const suite = new CipherSuite({ kem: await keyExchange(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey.buffer);
  const sender = await suite.createSenderContext({ recipientPublicKey, info: placeBytes(place).buffer });
  const plaintext = new TextEncoder().encode(JSON.stringify({ value, hosts }));
  const ciphertext = await sender.seal(plaintext.buffer);
  plaintext.fill(0);
  return { kid: key.kid, alg: ALG, sealed: toBase64Url(new Uint8Array(sender.enc), new Uint8Array(ciphertext)) };
}

/** X25519 of the browser where it has it (all since 2025), else the same in JavaScript. */
async function keyExchange() {
  try {
    await crypto.subtle.importKey('raw', new Uint8Array(32).fill(9), 'X25519', true, []);
    return new DhkemX25519HkdfSha256();
  } catch {
    const script = await import('@hpke/dhkem-x25519');
    return new script.DhkemX25519HkdfSha256();
  }
}

// ── base64url without padding (RFC 4648 section 5) ──────────────────────────────────────────────────────────────────

function toBase64Url(...parts: Uint8Array[]): string {
  const text = parts.map((part) => Array.from(part, (byte) => String.fromCharCode(byte)).join('')).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
}
