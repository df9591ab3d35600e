// What a template field can insert, and what its editor can be asked to do.
/** In the order they are offered: what actions speak of, then what flows do. */
export const REFERENCE_GROUPS = ['inputs', 'auth', 'answers', 'outputs', 'variables', 'contact', 'calls'] as const;
export type ReferenceGroup = (typeof REFERENCE_GROUPS)[number];

export interface ReferenceOption {
  /** As it is written between the braces: `inputs.account_id`. */
  text: string;
  /** The name people gave it. */
  label: string;
  /** `string`, `integer` … for inputs, `password` or `text` for authentication fields. */
  type: string;
  group: ReferenceGroup;
  isSecret: boolean;
  /** Offered with a warning, as a secret in a URL is. */
  isDiscouraged?: boolean;
  /** Known, but not offered in this place. */
  isHidden?: boolean;
}

export interface TemplateEditor {
  focus: () => void;
  /** Put a reference where the caret is, and the caret behind it. */
  insert: (reference: string) => void;
  /** Replace a part of the text. */
  replace: (from: number, to: number, text: string) => void;
}
