// The figures behind the charts: good and bad per bucket, scales, and spans of time in words.

export interface Bucket {
  at: string;
  outcomes: Record<string, number>;
}
export interface Bar {
  at: string;
  ok: number;
  failed: number;
}

/** How many went well and how many did not, bucket by bucket. */
export function bars(buckets: Bucket[]): Bar[] {
  return buckets.map(({ at, outcomes }) => {
    const all = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    const ok = outcomes.ok ?? 0;
    return { at, ok, failed: all - ok };
  });
}

/** The least of 1, 2, 5, 10, 20, 50 … that is not below `most`. */
export function niceTop(most: number): number {
  if (most <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= most) ?? most;
}

/** Milliseconds as people read them: `0.8 ms`, `340 ms`, `2.1 s`. */
export function span(ms: number | null | undefined, language: string): string {
  if (ms === null || ms === undefined) return '–';
  const [value, unit] = ms < 1_000 ? [ms, 'millisecond'] : [ms / 1_000, 'second'];
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
