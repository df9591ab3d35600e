// What a block says of itself on the canvas and in lists: a short text, with its references in it.
import type { Block, Content } from './definition';

export const MAX_PREVIEW = 160;

/** The first text of a message. */
export function contentText(content: Content): string {
  switch (content.kind) {
    case 'text':
    case 'link_button':
      return content.text;
    case 'location':
      return content.name || content.address || [content.latitude, content.longitude].filter(Boolean).join(', ');
    case 'document':
      return content.caption || content.filename || content.url;
    default:
      return content.caption || content.url;
  }
}

/** The words that tell a block from others of its type; empty where it has none yet. */
export function previewOf(block: Block): string {
  switch (block.type) {
    case 'message':
      return contentText(block.content);
    case 'question':
    case 'buttons':
    case 'list':
    case 'form':
    case 'hand_over':
    case 'end':
      return block.text;
    case 'set_variable':
      return block.value;
    case 'wait':
      return block.until;
    default:
      return '';
  }
}

/** Everything in a block that somebody may search for. */
export function wordsOf(block: Block): string {
  const found: string[] = [];
  const collect = (value: unknown, key: string) => {
    if (typeof value === 'string') {
      if (!['id', 'type', 'kind'].includes(key)) found.push(value);
    } else if (Array.isArray(value)) value.forEach((each) => collect(each, key));
    else if (value !== null && typeof value === 'object' && key !== 'edges' && key !== 'position')
      Object.entries(value).forEach(([name, each]) => collect(each, name));
  };
  collect(block, '');
  return found.join(' ');
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The blocks whose name, type or words hold every word of a query, those whose name holds it first. */
export function searchBlocks<T extends { block: Block; title: string }>(entries: readonly T[], query: string): T[] {
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  return entries
    .map((entry) => {
      const title = plain(entry.title);
      const all = `${title} ${plain(wordsOf(entry.block))}`;
      if (!wanted.every((word) => all.includes(word))) return null;
      return { entry, rank: wanted.every((word) => title.includes(word)) ? 0 : 1 };
    })
    .filter((found) => found !== null)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}
