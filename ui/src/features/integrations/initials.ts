// One or two letters that stand for a name where there is no picture.
/** "Acme CRM" gives "AC", "validations" gives "V"; letters of any script. */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return words
    .slice(0, 2)
    .map((word) => (word.match(/^./u)?.[0] ?? '').toUpperCase())
    .join('');
}

const COLOURS = ['jade', 'blue', 'violet', 'orange'] as const;

/** The same colour for the same name, always. */
export function colourOf(name: string): (typeof COLOURS)[number] {
  const sum = Array.from(name).reduce((total, letter) => (total * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7);
  return COLOURS[sum % COLOURS.length] ?? 'jade';
}
