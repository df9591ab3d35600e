// A chat's text with its bold, italic, struck and code parts and its links, made of elements and never of markup.
import type { ReactNode } from 'react';

import classes from './chat.module.css';
import { pieces, type Piece } from './formatting';

export function Formatted({ text }: { text: string }) {
  return <>{pieces(text).map(show)}</>;
}

function show(piece: Piece, place: number): ReactNode {
  if ('text' in piece) return <span key={place}>{piece.text}</span>;
  if ('link' in piece) {
    return (
      <a key={place} href={piece.link} target="_blank" rel="noopener noreferrer" className={classes.link}>
        {piece.link}
      </a>
    );
  }
  const inner = piece.pieces.map(show);
  switch (piece.style) {
    case 'bold':
      return <strong key={place}>{inner}</strong>;
    case 'italic':
      return <em key={place}>{inner}</em>;
    case 'struck':
      return <s key={place}>{inner}</s>;
    default:
      return (
        <code key={place} className={piece.style === 'block' ? classes.block : undefined}>
          {inner}
        </code>
      );
  }
}
