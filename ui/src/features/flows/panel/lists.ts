// Short lists: change, move and take out an entry.
export function replaceAt<T>(list: readonly T[], place: number, entry: T): T[] {
  return list.map((each, at) => (at === place ? entry : each));
}

export function removeAt<T>(list: readonly T[], place: number): T[] {
  return list.filter((_, at) => at !== place);
}

export function moveBy<T>(list: readonly T[], place: number, by: number): T[] {
  const next = [...list];
  const to = place + by;
  if (to < 0 || to >= list.length) return next;
  [next[place], next[to]] = [next[to]!, next[place]!];
  return next;
}
