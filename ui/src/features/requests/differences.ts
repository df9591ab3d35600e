// What two requests do not have in common, for showing it.
export interface Piece {
  text: string;
  isDifferent: boolean;
}

/** `changed` in pieces, those that `normal` does not have marked; lines are matched first, then what they begin and end with. */
export function differences(normal: string, changed: string): Piece[] {
  const before = normal.split('\n');
  const after = changed.split('\n');
  const kept = commonLines(before, after);
  const pieces: Piece[] = [];
  const add = (text: string, isDifferent: boolean) => {
    const last = pieces.at(-1);
    if (!text) return;
    if (last?.isDifferent === isDifferent) last.text += text;
    else pieces.push({ text, isDifferent });
  };
  let [from, at] = [0, 0];
  for (const [i, j] of [...kept, [before.length, after.length] as const]) {
    const [removed, added] = [before.slice(from, i), after.slice(at, j)];
    added.forEach((line, index) => {
      if (at + index > 0) add('\n', false);
      const partner = removed.length === added.length || index < removed.length ? removed[index] : undefined;
      addLine(partner, line, add);
    });
    if (j < after.length) {
      if (j > 0) add('\n', false);
      add(after[j]!, false);
    }
    [from, at] = [i + 1, j + 1];
  }
  return pieces;
}

function addLine(before: string | undefined, after: string, add: (text: string, isDifferent: boolean) => void): void {
  if (before === undefined) {
    add(after, true);
    return;
  }
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  add(after.slice(0, head), false);
  add(after.slice(head, after.length - tail), true);
  add(after.slice(after.length - tail), false);
}

const MOST_LINES = 400;

/** The longest run of lines that both have in the same order, as pairs of their places. */
function commonLines(a: string[], b: string[]): [number, number][] {
  if (a.length > MOST_LINES || b.length > MOST_LINES) return [];
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i += 1;
    else j += 1;
  }
  return pairs;
}
