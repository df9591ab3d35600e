// Finds references by what somebody types of their name or key, accents and capitals aside.
import type { ReferenceOption } from './types';

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The options that hold what was typed, those that begin with it first. */
export function matchingOptions(options: ReferenceOption[], typed: string): ReferenceOption[] {
  const query = plain(typed.trim());
  if (!query) return options;
  const ranked = options.map((option) => {
    const places = [option.text, option.text.slice(option.text.indexOf('.') + 1), option.label].map((text) =>
      plain(text).indexOf(query),
    );
    if (places.includes(0)) return { option, rank: 0 };
    return { option, rank: places.some((place) => place > 0) ? 1 : 2 };
  });
  return ranked
    .filter(({ rank }) => rank < 2)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ option }) => option);
}
