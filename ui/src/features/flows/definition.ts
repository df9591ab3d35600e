// What a flow is made of, as the server keeps it: blocks, the ways between them, variables and settings.
export const ANSWER_TYPES = [
  'text',
  'number',
  'integer',
  'boolean',
  'datetime',
  'email',
  'phone',
  'choice',
  'file',
  'location',
] as const;
export type AnswerType = (typeof ANSWER_TYPES)[number];

export const OPERATORS = [
  'equals',
  'not_equals',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'matches',
  'is_one_of',
  'greater_than',
  'at_least',
  'less_than',
  'at_most',
  'is_empty',
  'is_not_empty',
  'is_true',
  'is_false',
] as const;
export type Operator = (typeof OPERATORS)[number];

export const VALUE_TYPES = ['string', 'integer', 'number', 'boolean', 'datetime', 'json'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

export interface Position {
  x: number;
  y: number;
}

export interface TextContent {
  kind: 'text';
  text: string;
}
export interface ImageContent {
  kind: 'image';
  url: string;
  caption: string;
}
export interface VideoContent {
  kind: 'video';
  url: string;
  caption: string;
}
export interface DocumentContent {
  kind: 'document';
  url: string;
  caption: string;
  filename: string;
}
export interface LocationContent {
  kind: 'location';
  latitude: string;
  longitude: string;
  name: string;
  address: string;
}
export interface LinkButtonContent {
  kind: 'link_button';
  text: string;
  label: string;
  url: string;
}
export type Content = TextContent | ImageContent | VideoContent | DocumentContent | LocationContent | LinkButtonContent;
export const CONTENT_KINDS = ['text', 'image', 'document', 'video', 'location', 'link_button'] as const;

export interface Option {
  value: string;
  label: string;
  synonyms: string[];
}

export interface Checks {
  minimum: string;
  maximum: string;
  min_length: number | null;
  max_length: number | null;
  pattern: string;
  options: Option[];
  media_types: string[];
  max_bytes: number | null;
  several: boolean;
}

export interface ReplyButton {
  id: string;
  title: string;
}

export interface Row {
  id: string;
  title: string;
  description: string;
}

export interface Section {
  title: string;
  rows: Row[];
}

export interface RowValue {
  identifier: string;
  key: string;
  type: ValueType;
}

export interface RowSource {
  rows: string;
  id: string;
  title: string;
  description: string;
  values: RowValue[];
}

export interface Comparison {
  left: string;
  operator: Operator;
  right: string;
}

export type Match = 'all' | 'any';

export interface Group {
  match: Match;
  tests: Comparison[];
}

export interface Branch {
  id: string;
  name: string;
  match: Match;
  groups: Group[];
}

export interface AskAgain {
  input: string;
  outcomes: string[];
  contains: string;
  text: string;
  at_most: number;
}

interface BlockBase {
  id: string;
  name: string;
  edges: Record<string, string>;
  position: Position;
}

export interface Asking extends BlockBase {
  answer: string;
  text: string;
  retry_text: string;
  attempts: number;
  timeout_seconds: number | null;
}

export interface MessageBlock extends BlockBase {
  type: 'message';
  content: Content;
}
export interface QuestionBlock extends Asking {
  type: 'question';
  expects: AnswerType;
  checks: Checks;
}
export interface ButtonsBlock extends Asking {
  type: 'buttons';
  header: string;
  footer: string;
  buttons: ReplyButton[];
  source: RowSource | null;
}
export interface ListBlock extends Asking {
  type: 'list';
  header: string;
  footer: string;
  label: string;
  more_label: string;
  sections: Section[];
  source: RowSource | null;
}
export interface FormBlock extends Asking {
  type: 'form';
  form_id: string;
  label: string;
  header: string;
  footer: string;
  given: Record<string, string>;
  screen: string;
  data: Record<string, string>;
  values: RowValue[];
}
export interface ConditionBlock extends BlockBase {
  type: 'condition';
  branches: Branch[];
}
export interface SetVariableBlock extends BlockBase {
  type: 'set_variable';
  variable: string;
  value: string;
}
export interface CustomIntegrationBlock extends BlockBase {
  type: 'custom_integration';
  key: string;
  integration_id: string;
  action_id: string;
  credential_id: string;
  inputs: Record<string, string>;
  wait_text: string;
  wait_after_seconds: number;
  budget_seconds: number | null;
  on_late: 'wait' | 'timeout';
  ask_again: AskAgain[];
}
export interface WaitBlock extends BlockBase {
  type: 'wait';
  seconds: number | null;
  until: string;
}
export interface JumpBlock extends BlockBase {
  type: 'jump';
  block: string;
}
export interface CallFlowBlock extends BlockBase {
  type: 'call_flow';
  key: string;
  flow_id: string;
  version: number | null;
  variables: Record<string, string>;
}
export interface HandOverBlock extends BlockBase {
  type: 'hand_over';
  text: string;
  note: string;
  timeout_seconds: number | null;
}
export interface EndBlock extends BlockBase {
  type: 'end';
  text: string;
}

export type Block =
  | MessageBlock
  | QuestionBlock
  | ButtonsBlock
  | ListBlock
  | FormBlock
  | ConditionBlock
  | SetVariableBlock
  | CustomIntegrationBlock
  | WaitBlock
  | JumpBlock
  | CallFlowBlock
  | HandOverBlock
  | EndBlock;
export type BlockType = Block['type'];
/** A block of one type. */
export type BlockOf<T extends BlockType> = Extract<Block, { type: T }>;

export interface Variable {
  key: string;
  name: string;
  type: ValueType;
  default: string;
}

export interface BusinessHours {
  days: number[];
  begins: string;
  ends: string;
}

export interface Reminder {
  after_seconds: number;
  text: string;
  hours: BusinessHours | null;
}

export interface FlowSettings {
  exit_words: string[];
  exit_text: string;
  failure_message: string;
  expires_after_seconds: number;
  reminder: Reminder | null;
  language: 'en' | 'es' | 'pt';
  timezone: string;
}

export interface Definition {
  start: string;
  blocks: Block[];
  variables: Variable[];
  settings: FlowSettings;
}

/** Every outcome of a call but `ok`, which is the way `success`. */
export const OUTCOMES = [
  'redirect',
  'http_4xx',
  'http_5xx',
  'rate_limited',
  'auth_failed',
  'timeout',
  'network',
  'blocked',
  'bad_response',
  'output_missing',
  'input_invalid',
  'unknown',
] as const;
