// What the texts of a block can speak of: answers, outputs and calls of blocks that come before it, variables, and the person.
import { readTemplate } from '../../components/TemplateField/grammar';
import type { ReferenceOption } from '../../components/TemplateField';
import type { AnswerType, Asking, Block, Definition } from './definition';
import { before } from './edges';

/** What an action gives, as far as it is known. */
export type OutputsOf = (actionId: string) => readonly { identifier: string; name?: string; type: string }[];

export interface ReferenceWords {
  /** "Answer to …" */
  title: (block: Block) => string;
  part: (name: string) => string;
  contact: (name: 'name' | 'phone') => string;
}

const ANSWER_AS: Record<AnswerType, string> = {
  text: 'string',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  datetime: 'datetime',
  email: 'string',
  phone: 'string',
  choice: 'string',
  file: 'json',
  location: 'json',
};
const FILE_PARTS = ['url', 'mime_type', 'filename'];
const PLACE_PARTS = ['latitude', 'longitude'];
const CALL_PARTS = [
  ['outcome', 'string'],
  ['status', 'integer'],
  ['error', 'string'],
  ['body', 'string'],
] as const;

function isAsking(block: Block): block is Extract<Block, Asking> {
  return block.type === 'question' || block.type === 'buttons' || block.type === 'list' || block.type === 'form';
}

/** What may be named in a block's texts; with null, in those of the whole flow. */
export function referencesFor(
  definition: Definition,
  blockId: string | null,
  outputsOf: OutputsOf,
  words: ReferenceWords,
): ReferenceOption[] {
  const earlier = blockId === null ? null : before(definition, blockId);
  const found: ReferenceOption[] = [];
  const add = (text: string, label: string, type: string, group: ReferenceOption['group'], isHidden = false) => {
    if (!found.some((option) => option.text === text))
      found.push({ text, label, type, group, isSecret: false, isHidden });
  };
  // Known but not offered: what comes later is for the server to judge, not an unknown name.
  const blocks = definition.blocks.toSorted(
    (a, b) => Number(earlier?.has(b.id) ?? true) - Number(earlier?.has(a.id) ?? true),
  );
  for (const block of blocks) {
    const isLater = earlier !== null && !earlier.has(block.id);
    if (isAsking(block) && block.answer) {
      const label = words.title(block);
      add(
        `answers.${block.answer}`,
        label,
        block.type === 'question' ? ANSWER_AS[block.expects] : block.type === 'form' ? 'json' : 'string',
        'answers',
        isLater,
      );
      for (const [name, type] of partsOf(block))
        add(`answers.${block.answer}.${name}`, `${label}: ${words.part(name)}`, type, 'answers', isLater);
    }
    if (block.type === 'custom_integration' && block.key) {
      const label = words.title(block);
      for (const { identifier, name, type } of outputsOf(block.action_id))
        add(`outputs.${block.key}.${identifier}`, name || identifier, type, 'outputs', isLater);
      for (const [name, type] of CALL_PARTS)
        add(`calls.${block.key}.${name}`, `${label}: ${words.part(name)}`, type, 'calls', isLater);
    }
  }
  for (const { key, name, type } of definition.variables) add(`variables.${key}`, name || key, type, 'variables');
  add('contact.name', words.contact('name'), 'string', 'contact');
  add('contact.phone', words.contact('phone'), 'string', 'contact');
  return found;
}

function partsOf(block: Extract<Block, Asking>): [string, string][] {
  if (block.type === 'question') {
    if (block.expects === 'file') return FILE_PARTS.map((name) => [name, 'string']);
    if (block.expects === 'location') return PLACE_PARTS.map((name) => [name, 'number']);
    return [];
  }
  return (block.type === 'form' ? block.values : (block.source?.values ?? []))
    .filter(({ identifier }) => identifier)
    .map(({ identifier, type }) => [identifier, type]);
}

/** Every text of a block, whatever it stands in. */
function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change)) as T;
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapTexts(each, change)])) as T;
  return value;
}

/** The identifiers that a block's texts name in one group. */
export function referencedKeys(block: Block, group: string): string[] {
  const found: string[] = [];
  mapTexts(block, (text) => {
    if (text.includes('{{'))
      for (const part of readTemplate(text))
        if (part.kind === 'reference' && part.group === group) found.push(part.name.split('.')[0]!);
    return text;
  });
  return [...new Set(found)];
}

export type Renames = Partial<Record<'answers' | 'outputs' | 'calls' | 'variables', ReadonlyMap<string, string>>>;

/** A block whose texts name things by their new identifiers. */
export function renameReferences<T>(value: T, renames: Renames): T {
  return mapTexts(value, (text) => {
    if (!text.includes('{{')) return text;
    let done = '';
    let at = 0;
    for (const part of readTemplate(text)) {
      if (part.kind !== 'reference') continue;
      const [key = '', ...rest] = part.name.split('.');
      const renamed = renames[part.group as keyof Renames]?.get(key);
      if (renamed === undefined || renamed === key) continue;
      done += `${text.slice(at, part.from)}{{${[part.group, renamed, ...rest].join('.')}}}`;
      at = part.to;
    }
    return done + text.slice(at);
  });
}
