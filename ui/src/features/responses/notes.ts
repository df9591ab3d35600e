// What the server notes beside a response it did not keep whole.
const SHAPES = 'This action keeps shapes only.';
const NOT_MASKABLE = 'A secret of fewer than 8 characters cannot be masked, so values are not kept.';

/** Whether every value was replaced by the name of its type. */
export function isShapeOnly(notes: readonly string[] = []): boolean {
  return notes.includes(SHAPES);
}

/** The key of a note's translation; null where there is none, and the server's sentence stands. */
export function noteKey(note: string): 'shapes' | 'notMaskable' | null {
  if (note === SHAPES) return 'shapes';
  return note === NOT_MASKABLE ? 'notMaskable' : null;
}
