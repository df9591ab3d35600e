// A text field in which references to inputs and authentication fields are shown as chips.
export { TemplateField } from './TemplateField';
export type { ReferenceGroup, ReferenceOption } from './types';
