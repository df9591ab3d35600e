// How each type of block begins, and where ids come from.
import type { Block, BlockType, Checks, Content, Definition, FlowSettings, Position, RowSource } from './definition';

/** The palette's order, by what blocks are for. */
export const PALETTE = [
  { group: 'say', types: ['message'] },
  { group: 'ask', types: ['question', 'buttons', 'list', 'form'] },
  { group: 'call', types: ['custom_integration'] },
  { group: 'decide', types: ['condition', 'set_variable'] },
  { group: 'lead', types: ['wait', 'jump', 'call_flow'] },
  { group: 'finish', types: ['hand_over', 'end'] },
] as const satisfies readonly { group: string; types: readonly BlockType[] }[];

export type BlockGroup = (typeof PALETTE)[number]['group'];
export const BLOCK_TYPES: readonly BlockType[] = PALETTE.flatMap(({ types }): readonly BlockType[] => types);

export function groupOf(type: BlockType): BlockGroup {
  return PALETTE.find(({ types }) => (types as readonly BlockType[]).includes(type))?.group ?? 'say';
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A short id that no other has: the place of a block, a button, a row or a branch. */
export function newId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return prefix + Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** `answer`, or `answer_2` where that is taken. */
export function freeKey(wanted: string, taken: Iterable<string>): string {
  const known = new Set(taken);
  const stem = wanted || 'value';
  if (!known.has(stem)) return stem;
  for (let number = 2; ; number += 1) {
    const key = `${stem.replace(/_\d+$/, '')}_${number}`;
    if (!known.has(key)) return key;
  }
}

/** The identifiers by which answers are read. */
export function answerKeys(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => ('answer' in block && block.answer ? [block.answer] : []));
}

/** The identifiers by which outputs are read. */
export function callKeys(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => ('key' in block && block.key ? [block.key] : []));
}

export const NO_CHECKS: Checks = {
  minimum: '',
  maximum: '',
  min_length: null,
  max_length: null,
  pattern: '',
  options: [],
  media_types: [],
  max_bytes: null,
  several: false,
};

export const NO_SOURCE: RowSource = { rows: '', id: '', title: '', description: '', values: [] };

export const FIRST_SETTINGS: FlowSettings = {
  exit_words: ['EXIT', 'SALIR', 'SAIR'],
  exit_text: '',
  failure_message: '',
  expires_after_seconds: 86_400,
  reminder: null,
  language: 'en',
  timezone: 'UTC',
};

export function newContent(kind: Content['kind']): Content {
  switch (kind) {
    case 'image':
    case 'video':
      return { kind, url: '', caption: '' };
    case 'document':
      return { kind, url: '', caption: '', filename: '' };
    case 'location':
      return { kind, latitude: '', longitude: '', name: '', address: '' };
    case 'link_button':
      return { kind, text: '', label: '', url: '' };
    default:
      return { kind: 'text', text: '' };
  }
}

/** A block as it begins; its identifier is one that no block of the flow has. */
export function newBlock(type: BlockType, position: Position, blocks: readonly Block[], id = newId('b')): Block {
  const base = { id, name: '', edges: {}, position };
  const asking = {
    ...base,
    answer: freeKey(type === 'question' ? 'answer' : type === 'form' ? 'form' : 'choice', answerKeys(blocks)),
    text: '',
    retry_text: '',
    attempts: 3,
    timeout_seconds: null,
  };
  switch (type) {
    case 'message':
      return { ...base, type, content: newContent('text') };
    case 'question':
      return { ...asking, type, expects: 'text', checks: NO_CHECKS };
    case 'buttons':
      return {
        ...asking,
        type,
        header: '',
        footer: '',
        buttons: [
          { id: newId('o'), title: '' },
          { id: newId('o'), title: '' },
        ],
        source: null,
      };
    case 'list':
      return {
        ...asking,
        type,
        header: '',
        footer: '',
        label: '',
        more_label: '',
        sections: [
          {
            title: '',
            rows: [
              { id: newId('o'), title: '', description: '' },
              { id: newId('o'), title: '', description: '' },
            ],
          },
        ],
        source: null,
      };
    case 'form':
      return {
        ...asking,
        type,
        form_id: '',
        label: '',
        header: '',
        footer: '',
        given: {},
        screen: '',
        data: {},
        values: [],
      };
    case 'condition':
      return {
        ...base,
        type,
        branches: [
          {
            id: newId('o'),
            name: '',
            match: 'all',
            groups: [{ match: 'all', tests: [{ left: '', operator: 'equals', right: '' }] }],
          },
        ],
      };
    case 'set_variable':
      return { ...base, type, variable: '', value: '' };
    case 'custom_integration':
      return {
        ...base,
        type,
        key: freeKey('call', callKeys(blocks)),
        integration_id: '',
        action_id: '',
        credential_id: '',
        inputs: {},
        wait_text: '',
        wait_after_seconds: 3,
        budget_seconds: null,
        on_late: 'wait',
        ask_again: [],
      };
    case 'wait':
      return { ...base, type, seconds: 5, until: '' };
    case 'jump':
      return { ...base, type, block: '' };
    case 'call_flow':
      return {
        ...base,
        type,
        key: freeKey('flow', callKeys(blocks)),
        flow_id: '',
        version: null,
        variables: {},
      };
    case 'hand_over':
      return { ...base, type, text: '', note: '', timeout_seconds: null };
    case 'end':
      return { ...base, type, text: '' };
  }
}

/** A flow with one message in it, in the language of the person who makes it. */
export function newDefinition(welcome: string, language: FlowSettings['language'], timezone: string): Definition {
  const block = newBlock('message', { x: 0, y: 0 }, []);
  return {
    start: block.id,
    blocks: [{ ...block, content: { kind: 'text', text: welcome } } as Block],
    variables: [],
    settings: { ...FIRST_SETTINGS, language, timezone },
  };
}
