// A moment as people say it, with the exact time beside it.
import { Tooltip } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

const CLOCKS_DIFFER_MS = 60_000;

export function relative(at: string, now: number, language: string): string {
  const seconds = (Date.parse(at) - now) / 1000;
  const [unit, size] = STEPS.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }).format(
    seconds < 0 ? Math.trunc(seconds / size) : Math.round(seconds / size),
    unit,
  );
}

export function exact(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));
}

/** The clock of the server may be a little ahead: what is there already is not told to come. */
function notAhead(at: string, now: number): number {
  const moment = Date.parse(at);
  return moment - now < CLOCKS_DIFFER_MS ? Math.max(now, moment) : now;
}

/** A moment that has been; or one that `isAhead`, which is now when it is due. */
export function When({ at, isAhead = false }: { at: string; isAhead?: boolean }) {
  const { i18n } = useTranslation();
  const [now, setNow] = useState(Date.now);
  useInterval(() => setNow(Date.now()), 15_000, { autoInvoke: true });
  const language = i18n.resolvedLanguage ?? 'en';
  return (
    <Tooltip label={exact(at, language)}>
      <time dateTime={at} className="tabular">
        {relative(at, isAhead ? Math.min(now, Date.parse(at)) : notAhead(at, now), language)}
      </time>
    </Tooltip>
  );
}
