// Text as chats write it: *bold*, _italic_, ~struck~, `code`, ```blocks``` and links, read into pieces without any markup.

export type Style = 'bold' | 'italic' | 'struck' | 'code' | 'block';
export type Piece = { text: string } | { link: string } | { style: Style; pieces: Piece[] };

const MARKS: Record<string, Style> = { '*': 'bold', _: 'italic', '~': 'struck' };
const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/g;
const WORD = /[\p{L}\p{N}]/u;

/** The pieces of a text, in order; marks that do not stand around something stay as they are. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') found.push(...links(plain));
    plain = '';
  };
  for (let at = 0; at < text.length;) {
    const styled = styledAt(text, at);
    if (styled) {
      flush();
      found.push(styled.piece);
      at = styled.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return found;
}

function styledAt(text: string, at: number): { piece: Piece; end: number } | null {
  if (text.startsWith('```', at)) {
    const end = text.indexOf('```', at + 3);
    if (end > at + 3) return literal('block', text.slice(at + 3, end), end + 3);
  }
  if (text[at] === '`') {
    const end = text.indexOf('`', at + 1);
    if (end > at + 1 && !text.slice(at, end).includes('\n')) return literal('code', text.slice(at + 1, end), end + 1);
  }
  const mark = text[at] ?? '';
  const style = MARKS[mark];
  if (!style || WORD.test(text[at - 1] ?? ' ') || /\s/.test(text[at + 1] ?? ' ')) return null;
  for (let end = text.indexOf(mark, at + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    const inner = text.slice(at + 1, end);
    if (inner.includes('\n')) return null;
    if (!/\s/.test(text[end - 1] ?? ' ') && !WORD.test(text[end + 1] ?? ' '))
      return { piece: { style, pieces: pieces(inner) }, end: end + 1 };
  }
  return null;
}

function literal(style: Style, text: string, end: number): { piece: Piece; end: number } {
  return { piece: { style, pieces: [{ text }] }, end };
}

function links(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    if (match.index > at) found.push({ text: text.slice(at, match.index) });
    found.push({ link: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ text: text.slice(at) });
  return found;
}

/** An address that may be opened: http and https alone. */
export function openable(url: string | null | undefined): string | null {
  return url && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null;
}
