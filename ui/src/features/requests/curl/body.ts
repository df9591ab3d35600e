// The body of a cURL command, in the form that its content type or its text asks for.
import type { Row } from '../../../api/schema';
import { bodyOfText, rowsOfTree, slipOf, type FullBody } from '../bodies';
import type { JsonValue } from '../jsonText';
import { contentType, mediaType } from './headers';
import type { Notes } from './notes';

export interface Piece {
  /** As it goes into a body, encoded already. */
  text: string;
  /** The pairs it stands for, decoded. */
  asPairs: () => Row[];
}

export interface Data {
  pieces: Piece[];
  /** Of a multipart form. */
  parts: Row[];
  isJson: boolean;
}

const FORM = 'application/x-www-form-urlencoded';

/** `template` makes of a text of the command one of a request: variables become references, braces mean themselves. */
export function bodyFromData(data: Data, headers: Row[], notes: Notes, template: (text: string) => string): FullBody {
  const rows = (list: Row[]) => list.map((row) => ({ ...row, key: template(row.key), value: template(row.value) }));
  if (data.parts.length > 0) return { type: 'multipart', fields: rows(data.parts) };
  if (data.pieces.length === 0) return data.isJson ? { type: 'json', fields: [] } : { type: 'none' };
  const text = data.pieces.map((piece) => piece.text).join(data.isJson ? '' : '&');
  const written = contentType(headers);
  const media = mediaType(written);
  if (data.isJson || media === 'application/json' || media.endsWith('+json')) return jsonBody(template(text), written);
  if (!media && /^\s*[[{]/.test(text) && !slipOf(template(text))) {
    notes.add('json_guess');
    return jsonBody(template(text), '');
  }
  if ((!media || media === FORM) && data.pieces.every((piece) => isPairs(piece.text))) {
    return { type: 'form', fields: rows(data.pieces.flatMap((piece) => piece.asPairs())) };
  }
  return { type: 'raw', content_type: written || FORM, text: template(text) };
}

/** A tree, or rows where they say as much; another JSON type stays a header, so that it is sent as it was. */
function jsonBody(text: string, written: string): FullBody {
  const body = bodyOfText(text);
  if (body.type !== 'json') return { ...body, content_type: written || body.content_type };
  const rows = body.json === undefined ? [] : rowsOfTree(body.json as JsonValue);
  return rows ? { type: 'json', fields: rows } : body;
}

function isPairs(text: string): boolean {
  return /^[^=&\s]+(?:=[^&\r\n]*)?(?:&[^=&\s]+(?:=[^&\r\n]*)?)*$/.test(text) && text.includes('=');
}
