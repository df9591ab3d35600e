// How long the texts of a message may be on WhatsApp, and how long they are.
import { readTemplate } from '../../components/TemplateField/grammar';

export const LIMITS = {
  text: 4096,
  caption: 1024,
  /** The words of buttons, lists and links. */
  body: 1024,
  header: 60,
  footer: 60,
  button: 20,
  buttons: 3,
  label: 20,
  formLabel: 30,
  section: 24,
  rowTitle: 24,
  rowDescription: 72,
  filename: 240,
  url: 2000,
} as const;

export interface Length {
  /** Characters that are there for certain. */
  count: number;
  /** Whether values will be added when it is sent. */
  isOpen: boolean;
}

/** The length of a template as WhatsApp may count it (UTF-16 units), without the values that are filled in. */
export function lengthOf(template: string): Length {
  let count = 0;
  let isOpen = false;
  for (const part of readTemplate(template)) {
    if (part.kind === 'reference') isOpen = true;
    else count += (part.kind === 'literal' ? part.text : part.written).length;
  }
  return { count, isOpen };
}

export type Fill = 'fine' | 'near' | 'over';

/** Whether a text fits: `near` when less than a tenth is left. */
export function fillOf({ count }: Length, limit: number): Fill {
  if (count > limit) return 'over';
  return count > limit * 0.9 ? 'near' : 'fine';
}
