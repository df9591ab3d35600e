// The headers of a cURL command: joined, and without those that this product or a browser sets itself.
import type { Body, Row } from '../../../api/schema';
import { emptyRow } from '../request';
import type { Notes } from './notes';

const OWN =
  /^(?:host|content-length|transfer-encoding|connection|keep-alive|accept-encoding|expect|upgrade|http2-settings|te|trailer|via|forwarded|proxy-.*|recado-.*|:.*)$/i;
const BROWSER = /^(?:sec-.*|priority|upgrade-insecure-requests|dnt|accept-language|cache-control|pragma)$/i;

/** Add a header; one that is there already gets the value too, as RFC 9110 section 5.2 has it. */
export function addHeader(headers: Row[], key: string, value: string, isReplacing = false): void {
  const known = headers.find((row) => row.key.toLowerCase() === key.toLowerCase());
  if (!known) headers.push({ ...emptyRow(), key, value });
  else if (isReplacing || known.key.toLowerCase() === 'authorization') known.value = value;
  else known.value = [known.value, value].filter(Boolean).join(known.key.toLowerCase() === 'cookie' ? '; ' : ', ');
}

export function contentType(headers: Row[]): string {
  return headers.find((row) => row.key.toLowerCase() === 'content-type')?.value ?? '';
}

/** The headers that stay: what the body says by itself goes, and so does what is set on the way. */
export function settleHeaders(headers: Row[], body: Body, notes: Notes): Row[] {
  const isFromBrowser = headers.some((row) => /^sec-(?:fetch|ch)-/i.test(row.key));
  const media = mediaType(contentType(headers));
  return headers.filter((row) => {
    if (OWN.test(row.key)) {
      notes.add('own_headers', row.key);
      return false;
    }
    const isBrowsers =
      isFromBrowser && (BROWSER.test(row.key) || (/^user-agent$/i.test(row.key) && /Mozilla/.test(row.value)));
    if (isBrowsers || /^sec-(?:fetch|ch)-/i.test(row.key)) {
      notes.add('browser_headers', row.key);
      return false;
    }
    if (row.key.toLowerCase() !== 'content-type') return true;
    return !(
      body.type === 'multipart' ||
      (body.type === 'raw' && row.value === body.content_type) ||
      isSaidBy(body, media, row.value)
    );
  });
}

function isSaidBy(body: Body, media: string, written: string): boolean {
  if (body.type === 'json') return /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i.test(written.trim());
  return body.type === 'form' && media === 'application/x-www-form-urlencoded';
}

export function mediaType(written: string): string {
  return written.split(';')[0]!.trim().toLowerCase();
}
