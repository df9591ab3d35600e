// Header names that are suggested while one is typed (IANA's registry of field names, and what APIs commonly ask for).
export const HEADER_NAMES = [
  'Accept',
  'Accept-Language',
  'Authorization',
  'Cache-Control',
  'Content-Language',
  'Content-Type',
  'Cookie',
  'Date',
  'ETag',
  'From',
  'If-Match',
  'If-Modified-Since',
  'If-None-Match',
  'If-Unmodified-Since',
  'Idempotency-Key',
  'Origin',
  'Prefer',
  'Priority',
  'Range',
  'Referer',
  'Traceparent',
  'Tracestate',
  'User-Agent',
  'X-Api-Key',
  'X-Api-Version',
  'X-Auth-Token',
  'X-Correlation-Id',
  'X-Request-Id',
  'X-Tenant-Id',
];

/** Values that are suggested for a body's content type. */
export const CONTENT_TYPES = [
  'application/json',
  'application/xml',
  'text/xml',
  'text/plain',
  'text/csv',
  'application/x-ndjson',
  'application/graphql',
  'application/x-www-form-urlencoded',
  'application/soap+xml; charset=utf-8',
];

/** Whether a content type is JSON, so that its text is coloured and checked as such. */
export function isJsonType(contentType: string): boolean {
  return /^[^;]*[/+]json\s*(?:;|$)/i.test(contentType);
}
