// Lengths of time as people say them.
export const UNITS = [
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
  ['seconds', 1],
] as const;
export type Unit = (typeof UNITS)[number][0];

/** The largest unit that says a length in whole numbers. */
export function inUnit(seconds: number): { amount: number; unit: Unit } {
  const [unit, size] = UNITS.find(([, each]) => seconds >= each && seconds % each === 0) ?? ['seconds', 1];
  return { amount: seconds / size, unit };
}

export function secondsOf(amount: number, unit: Unit): number {
  return amount * (UNITS.find(([name]) => name === unit)?.[1] ?? 1);
}

export function duration(seconds: number, t: (key: string, values: { count: number }) => string): string {
  const { amount, unit } = inUnit(seconds);
  return t(`time.${unit}`, { count: amount });
}
