// Times and sizes as people read them.
/** `0.4 ms`, `123 ms`, `12.35 s`. */
export function milliseconds(ms: number, language: string): string {
  if (ms >= 10_000) return `${rounded(ms / 1000, 2, language)} s`;
  return `${rounded(ms, ms < 10 ? 1 : 0, language)} ms`;
}

/** `812 B`, `1.5 KiB`, `1 MiB`. */
export function bytes(count: number, language: string): string {
  if (count < 1024) return `${count} B`;
  if (count < 1024 * 1024) return `${rounded(count / 1024, 1, language)} KiB`;
  return `${rounded(count / 1024 / 1024, 1, language)} MiB`;
}

function rounded(value: number, digits: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}
