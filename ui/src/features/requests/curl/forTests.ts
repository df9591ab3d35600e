// What the tests of cURL commands ask of one that was read.
import type { Row } from '../../../api/schema';
import { parseCurl, type CurlImport, type Names } from './parse';

export const parse = (text: string, names?: Names): CurlImport => {
  const found = parseCurl(text, names);
  if (!found) throw new Error(`no cURL command with an address: ${text}`);
  return found;
};
export const request = (text: string, names?: Names) => parse(text, names).request;
export const pairs = (rows: Row[] | null | undefined) => rows?.map((row) => [row.key, row.value]);
export const codes = (text: string) => parse(text).notes.map((note) => `${note.code} ${note.words.join(' ')}`.trim());
