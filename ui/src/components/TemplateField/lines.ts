// Fields of one line: Enter does nothing, and what is pasted comes in one piece.
import { insertNewline } from '@codemirror/commands';
import { Prec, type Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';

const stay = () => true;

/** Pasted text without its line breaks: those at its ends go, each inside becomes a blank. */
export function inOneLine(text: string): string {
  return text.trim().replace(/[ \t]*[\r\n\u2028\u2029]+[ \t]*/g, ' ');
}

/** A text that never has a line break. */
export const onlyOneLine: Extension = [
  Prec.high(keymap.of([{ key: 'Enter', run: stay, shift: stay }, { key: 'Mod-Enter', run: () => false }])),
  EditorView.clipboardInputFilter.of((text) => (/[\r\n\u2028\u2029]/.test(text) ? inOneLine(text) : text)),
  EditorView.inputHandler.of((_view, _from, _to, text) => /^[\r\n]+$/.test(text)),
];

/** A text that is one line as a rule: Shift+Enter breaks it, pasted breaks stay. */
export const breakLine: Extension = Prec.high(keymap.of([{ key: 'Enter', run: stay, shift: insertNewline }]));
