// The bytes of a request, its parts told apart: the line, the names of headers, hidden values, what was encoded.
import { Box, ScrollArea } from '@mantine/core';
import { memo, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Piece } from './differences';
import classes from './requests.module.css';

interface Props {
  text: string;
  label: string;
  isStale?: boolean;
  /** The text in pieces, those that are different marked. */
  pieces?: Piece[];
  maxHeight?: number;
}

export const PreviewText = memo(function PreviewText({ text, label, isStale = false, pieces, maxHeight = 420 }: Props) {
  const { t } = useTranslation('requests');
  const hidden = t('preview.hidden');
  const content = useMemo(
    () => (pieces ? marked(pieces) : drawn(text.replaceAll('\r\n', '\n'), hidden)),
    [text, pieces, hidden],
  );
  return (
    <Box className={classes.bytes} data-stale={isStale || undefined}>
      <ScrollArea.Autosize mah={maxHeight} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': label }}>
        <pre translate="no">{content}</pre>
      </ScrollArea.Autosize>
    </Box>
  );
});

function drawn(text: string, hidden: string): ReactNode[] {
  const end = text.indexOf('\n\n');
  const [head, body] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end + 2)];
  const [first = '', ...headers] = head.split('\n');
  const [, method = '', target = '', version = ''] = /^(\S+) (.*) (HTTP\/[\d.]+)$/s.exec(first) ?? [];
  const lines: ReactNode[] = [
    <span key="line">
      <b>{method}</b> {inPieces(target, hidden)} <span className={classes.faint}>{version}</span>
      {'\n'}
    </span>,
  ];
  for (const line of headers) {
    const at = line.indexOf(':');
    lines.push(
      <span key={`header ${lines.length}`}>
        <span className={classes.headerName}>{line.slice(0, at + 1)}</span>
        {inPieces(line.slice(at + 1), hidden)}
        {'\n'}
      </span>,
    );
  }
  if (body)
    lines.push(
      <span key="body">
        {'\n'}
        {inPieces(body, hidden)}
      </span>,
    );
  return lines;
}

const SPECIAL = /█+|(?:%[0-9A-Fa-f]{2})+|\{\{auth\.\w+\}\}/g;

/** Hidden values as blocks, percent-encoding and values that are not known here in their own colours. */
function inPieces(text: string, hidden: string): ReactNode[] {
  const nodes: ReactNode[] = [];
  let end = 0;
  for (const found of text.matchAll(SPECIAL)) {
    const [piece] = found;
    nodes.push(text.slice(end, found.index));
    end = found.index + piece.length;
    if (piece.startsWith('█'))
      nodes.push(
        <span key={end} className={classes.blocks} title={hidden}>
          <span className="sr-only">{hidden}</span>
          <span aria-hidden>{piece}</span>
        </span>,
      );
    else
      nodes.push(
        <span key={end} className={piece.startsWith('%') ? classes.encoded : classes.unknownHere}>
          {piece}
        </span>,
      );
  }
  return [...nodes, text.slice(end)];
}

function marked(all: Piece[]): ReactNode[] {
  let end = 0;
  return all.map((piece) => {
    end += piece.text.length;
    return piece.isDifferent ? (
      <mark key={end} className={classes.different}>
        {visible(piece.text)}
      </mark>
    ) : (
      piece.text
    );
  });
}

const UNSEEN = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Characters that cannot be seen, as their pictures or numbers. */
function visible(text: string): string {
  return Array.from(text, (character) =>
    character < ' ' && character !== '\n' ? String.fromCodePoint(0x2400 + character.codePointAt(0)!) : character,
  )
    .join('')
    .replace(UNSEEN, (character) => `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`);
}
