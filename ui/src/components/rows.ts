// Rows in an order of their own: change, take out and move one.

export function replaceAt<T>(rows: readonly T[], index: number, row: T): T[] {
  return rows.map((each, at) => (at === index ? row : each));
}

export function removeAt<T>(rows: readonly T[], index: number): T[] {
  return rows.filter((_, at) => at !== index);
}

/** The rows with one of them moved by one place; the same rows where it cannot go further. */
export function moveRow<T>(rows: T[], index: number, by: 1 | -1): T[] {
  const row = rows[index];
  if (row === undefined || index + by < 0 || index + by >= rows.length) return rows;
  return rows.toSpliced(index, 1).toSpliced(index + by, 0, row);
}
