// Makes the id of a credential before the server knows of it: its values are sealed to that id.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** `crd_` and 26 characters that sort by time: 48 bits of milliseconds, 80 random bits. */
export function newCredentialId(now = Date.now()): string {
  let time = '';
  let left = now;
  for (let index = 0; index < 10; index += 1) {
    time = ALPHABET.charAt(left % 32) + time;
    left = Math.floor(left / 32);
  }
  const random = crypto.getRandomValues(new Uint8Array(16));
  return `crd_${time}${Array.from(random, (byte) => ALPHABET.charAt(byte % 32)).join('')}`;
}
