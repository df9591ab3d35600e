// Fields of one line: Enter does nothing, and what is pasted comes in one piece.
import { insertNewline } from '@codemirror/commands';
import { Facet, Prec, type Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';

const stay = () => true;

/** Pasted text without its line breaks: those at its ends go, each inside becomes a blank. */
export function inOneLine(text: string): string {
  return text.trim().replace(/[ \t]*[\r\n\u2028\u2029]+[ \t]*/g, ' ');
}

/**
 * Typing over a selection, done by ourselves: left to itself, Chromium keeps the looks of what it replaces in style
 * attributes, which the page's security policy forbids.
 */
export const typingOver: Extension = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { state } = view;
    const isOver = !state.selection.main.empty || /[\r\n]/.test(event.data ?? '');
    if (
      event.inputType !== 'insertText' ||
      event.data === null ||
      event.isComposing ||
      view.composing ||
      state.readOnly ||
      !isOver
    )
      return false;
    event.preventDefault();
    const text = state.facet(isOneLine) && /[\r\n]/.test(event.data) ? inOneLine(event.data) : event.data;
    view.dispatch(state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true });
    return true;
  },
});

const isOneLine = Facet.define<boolean, boolean>({ combine: (given) => given.includes(true) });

/** A text that never has a line break. */
export const onlyOneLine: Extension = [
  isOneLine.of(true),
  Prec.high(
    keymap.of([
      { key: 'Enter', run: stay, shift: stay },
      { key: 'Mod-Enter', run: () => false },
    ]),
  ),
  EditorView.clipboardInputFilter.of((text) => (/[\r\n\u2028\u2029]/.test(text) ? inOneLine(text) : text)),
  EditorView.inputHandler.of((_view, _from, _to, text) => /^[\r\n]+$/.test(text)),
];

/** A text that is one line as a rule: Shift+Enter breaks it, pasted breaks stay. */
export const breakLine: Extension = Prec.high(keymap.of([{ key: 'Enter', run: stay, shift: insertNewline }]));
