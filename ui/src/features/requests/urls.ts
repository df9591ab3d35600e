// Takes the query out of an endpoint, so that each of its pairs becomes a row.
import { escapeTemplate, readTemplate } from '../../components/TemplateField/grammar';
import type { Row } from '../../api/schema';
import { rowOf } from './request';
import { pairsOf } from './rows';

const MARK = (index: number) => `\u{f0000}${index}\u{f0001}`;
const MARKED = /\u{f0000}(\d+)\u{f0001}/gu;

/** The endpoint without its query, and the query's rows; null where there is none, or where a name holds a reference. */
export function splitQuery(endpoint: string): { endpoint: string; rows: Row[] } | null {
  const pieces: string[] = []; // what is no text, and stays as it was written
  const probe = readTemplate(endpoint)
    .map((part) => {
      if (part.kind === 'literal') return part.text;
      pieces.push(endpoint.slice(part.from, part.to));
      return MARK(pieces.length - 1);
    })
    .join('');
  const [address = '', ...fragment] = probe.split('#');
  const at = address.indexOf('?');
  if (at < 0) return null;
  const pairs = pairsOf(address.slice(at + 1));
  if (pairs.length === 0 || pairs.some(([key]) => key === '' || key.search(MARKED) >= 0)) return null;
  const back = (text: string) => escapeTemplate(text).replace(MARKED, (_, index: string) => pieces[Number(index)]!);
  return {
    endpoint: back([address.slice(0, at), ...fragment].join('#')),
    rows: pairs.map(([key, value]) => rowOf(back(key), back(value))),
  };
}
