// The identifier rule, and an identifier made from a name.
export const MAX_IDENTIFIER = 64;
const RULE = /^[a-z](?:[a-z0-9_]*[a-z0-9])?$/;

/** Lowercase letters, digits and `_`; not first a digit or `_`, not last a `_`; 1 to 64 characters. */
export function isIdentifier(text: string): boolean {
  return text.length <= MAX_IDENTIFIER && RULE.test(text);
}

/** "API key" gives "api_key", "Código de acceso" gives "codigo_de_acceso", "2FA code" gives "fa_code"; "" where nothing is left. */
export function identifierOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[0-9_]+/, '')
    .slice(0, MAX_IDENTIFIER)
    .replace(/_+$/, '');
}

export type Slip = 'empty' | 'characters' | 'start' | 'end' | 'long';

/** What is wrong with an identifier, the first thing to mend; null when it is right. */
export function slipOf(text: string): Slip | null {
  if (text === '') return 'empty';
  if (/[^a-z0-9_]/.test(text)) return 'characters';
  if (/^[0-9_]/.test(text)) return 'start';
  if (text.endsWith('_')) return 'end';
  return text.length > MAX_IDENTIFIER ? 'long' : null;
}
