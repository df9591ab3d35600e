// Values to see a request with: one for each input, by its type, until somebody types another.
import type { Input } from '../../api/schema';
import type { Values } from './queries';

/** What the server's own check of hostile values gives to inputs that are no text. */
export const SANE: Record<Input['type'], unknown> = {
  string: 'example',
  integer: 42,
  number: '12.10',
  boolean: true,
  datetime: '2026-11-22T14:30:00Z',
};

/** The sample of each input: what was typed, else what is given, else one of its type. `null` leaves it out. */
export function samplesFor(inputs: Input[], given: Values, typed: Values): Values {
  return Object.fromEntries(
    inputs
      .filter((input) => input.key !== '')
      .map((input) => {
        const own = input.key in typed ? typed[input.key] : given[input.key];
        return [input.key, own === undefined ? SANE[input.type] : own];
      }),
  );
}

/** A sample as text, for fields and shells. */
export function sampleText(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

/** `2026-11-22T14:30` of a control, as the moment in UTC that it stands for; and back. */
export function toMoment(local: string): string | null {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local) ? `${local}:00Z` : local || null;
}

export function fromMoment(value: unknown): string {
  const text = sampleText(value);
  const found = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})/.exec(text);
  return found ? `${found[1]}T${found[2]}` : /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : '';
}
