// What a template field can insert, and what its editor can be asked to do.
export interface ReferenceOption {
  /** As it is written between the braces: `inputs.account_id`. */
  text: string;
  /** The name people gave it. */
  label: string;
  /** `string`, `integer` … for inputs, `password` or `text` for authentication fields. */
  type: string;
  group: 'inputs' | 'auth';
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
