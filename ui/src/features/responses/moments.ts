// Dates and times as the server reads them: ISO forms, day-first forms, and seconds since 1970.
import { magnitude, readDecimal } from './decimal';

const YEAR_FIRST =
  /^(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})(?:[Tt ](?<hour>[0-9]{2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2})(?:\.(?<fraction>[0-9]{1,18}))?)?(?<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?)?$/;
const DAY_FIRST =
  /^(?<day>[0-9]{1,2})(?<sep>[/.-])(?<month>[0-9]{1,2})\k<sep>(?<year>[0-9]{4})(?:,? (?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2}))?)?$/;
const EARLIEST = new Date(0).setUTCFullYear(1, 0, 1);
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59);

/** The moment as RFC 3339, `Z` for UTC and where no offset is written; null where it is none. */
export function readMoment(text: string): string | null {
  const part = (YEAR_FIRST.exec(text) ?? DAY_FIRST.exec(text))?.groups;
  if (!part) return null;
  const offset = readOffset(part.offset ?? 'Z');
  const fields = [part.year, part.month, part.day, part.hour ?? '0', part.minute ?? '0', part.second ?? '0'];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.map(Number);
  if (offset === null || year < 1 || hour > 23 || minute > 59 || second > 59) return null;
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return null;
  const instant = at.getTime() + ((hour * 60 + minute) * 60 + second - offset * 60) * 1000;
  if (instant < EARLIEST || instant > LATEST) return null;
  const local = `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}`;
  const zone = offset === 0 ? 'Z' : (part.offset ?? 'Z');
  return `${local}${part.fraction ? `.${part.fraction}` : ''}${zone}`;
}

/** Seconds since 1970, or milli-, micro- or nanoseconds, told apart by size, as RFC 3339; null where it is none. */
export function readEpoch(text: string): string | null {
  const number = readDecimal(text);
  const size = magnitude(number) + 1; // digits before the point
  if (number.exponent > 0 || number.exponent < -18 || size - 1 > 19) return null;
  const places = (size <= 11 ? 0 : size <= 14 ? 3 : size <= 17 ? 6 : 9) - number.exponent;
  const scale = 10n ** BigInt(places);
  const whole = BigInt(number.digits) * (number.isNegative ? -1n : 1n);
  const rest = ((whole % scale) + scale) % scale;
  const instant = Number((whole - rest) / scale) * 1000;
  if (instant < EARLIEST || instant > LATEST) return null;
  const fraction = rest === 0n ? '' : `.${rest.toString().padStart(places, '0').replace(/0+$/, '')}`;
  return `${new Date(instant).toISOString().slice(0, 19)}${fraction}Z`;
}

function readOffset(text: string): number | null {
  if (text === 'Z' || text === 'z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(4, 6));
  if (hours > 23 || minutes > 59) return null;
  return (hours * 60 + minutes) * (text.startsWith('-') ? -1 : 1);
}

function pad(number: number, width = 2): string {
  return String(number).padStart(width, '0');
}
