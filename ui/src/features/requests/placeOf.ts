// Names the place of a problem as people see it on the page: `request.headers[0].value` is “Header Accept”.
import type { Input, Row } from '../../api/schema';
import type { FullRequest } from './request';

type Translate = (key: string, options?: Record<string, unknown>) => string;

export function placeOf(path: string, request: FullRequest, inputs: Input[], t: Translate): string {
  const [, root = '', rest = ''] = /^(request|values|inputs|auth)\.?(.*)$/s.exec(path) ?? [];
  if (root === 'values' || root === 'inputs') {
    const input =
      root === 'values'
        ? inputs.find(({ key }) => key === rest)
        : inputs[Number(/^\[(\d+)\]/.exec(path.slice(root.length))?.[1])];
    return t('places.input', { name: input?.name || input?.key || rest });
  }
  if (root === 'auth') return t('places.auth', { name: rest });
  const row = /^(query|headers|body\.fields)\[(\d+)\]/.exec(rest);
  if (row) {
    const rows: Row[] | null | undefined =
      row[1] === 'query' ? request.query : row[1] === 'headers' ? request.headers : request.body.fields;
    const name = rows?.[Number(row[2])]?.key || t('rows.number', { number: Number(row[2]) + 1 });
    return t(`places.${row[1] === 'body.fields' ? 'field' : row[1]}`, { name });
  }
  if (rest.startsWith('body')) return t('places.body');
  const known = ['method', 'endpoint', 'timeout_seconds', 'idempotency_header'];
  return known.includes(rest) ? t(`places.${rest}`) : t('places.request');
}
