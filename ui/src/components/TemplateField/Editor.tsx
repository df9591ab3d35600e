// The editor inside a template field; loaded when the first field is shown.
import { closeCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { Compartment, EditorState, Transaction, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder as placeholderOf } from '@codemirror/view';
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, type Ref } from 'react';

import { cspNonce } from '../../csp';
import { chips, knownReferences, type Known } from './chips';
import { completion, offered, type Offer } from './completion';
import { breakLine, onlyOneLine, typingOver } from './lines';
import { look } from './look';
import type { TemplateEditor } from './types';

export interface EditorProps {
  ref?: Ref<TemplateEditor>;
  value: string;
  onChange: (value: string) => void;
  onCaret: (caret: number | null) => void;
  onPasteText?: (text: string) => boolean;
  known: Known;
  offer: Offer;
  phrases: Record<string, string>;
  attributes: Record<string, string>;
  placeholder: string;
  isMultiline: boolean;
  canBreak: boolean;
  isReadOnly: boolean;
  language: 'json' | 'text';
}

/** An extension whose value follows a property. */
function useSlot() {
  const [slot] = useState(() => new Compartment());
  return slot;
}

export function Editor(props: EditorProps) {
  const { ref, value, known, offer, phrases, attributes, placeholder, isMultiline, canBreak, isReadOnly, language } =
    props;
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  const sent = useRef<string[]>([]);
  const slots = { known: useSlot(), offer: useSlot(), attributes: useSlot(), mode: useSlot(), phrases: useSlot() };
  const mode = modeOf(placeholder, isMultiline, canBreak, isReadOnly, language);

  useEffect(() => {
    const made = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          slots.attributes.of(EditorView.contentAttributes.of(attributes)),
          slots.known.of(knownReferences.of(known)),
          slots.offer.of(offered.of(offer)),
          slots.phrases.of(EditorState.phrases.of(phrases)),
          slots.mode.of(mode),
          history(),
          completion,
          chips,
          look,
          typingOver,
          EditorView.lineWrapping,
          EditorView.cspNonce.of(cspNonce()),
          keymap.of([...historyKeymap, ...defaultKeymap]),
          EditorView.domEventHandlers({
            paste: (event) => {
              const text = event.clipboardData?.getData('text/plain') ?? '';
              if (!latest.current.onPasteText?.(text)) return false;
              event.preventDefault();
              return true;
            },
            blur: (_event, at) => {
              closeCompletion(at);
              latest.current.onCaret(null);
            },
          }),
          EditorView.updateListener.of((update) => {
            if (
              update.docChanged &&
              !update.transactions.some((transaction) => transaction.annotation(Transaction.remote))
            ) {
              const text = update.state.doc.toString();
              sent.current.push(text);
              latest.current.onChange(text);
            }
            if ((update.docChanged || update.selectionSet) && update.view.hasFocus)
              latest.current.onCaret(update.state.selection.main.head);
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
    // The editor is made once; the effects below keep it up to date.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  useEffect(() => {
    const at = sent.current.lastIndexOf(value);
    if (at >= 0) {
      sent.current.splice(0, at + 1); // our own words coming back, perhaps late
      return;
    }
    const now = view.current;
    if (!now || now.state.doc.toString() === value) return;
    sent.current = [];
    now.dispatch({
      changes: { from: 0, to: now.state.doc.length, insert: value },
      annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(false)],
    });
  }, [value]);

  useReconfigured(view, slots.known, knownReferences.of(known), known);
  useReconfigured(view, slots.offer, offered.of(offer), offer);
  useReconfigured(view, slots.phrases, EditorState.phrases.of(phrases), phrases);
  useReconfigured(view, slots.attributes, EditorView.contentAttributes.of(attributes), JSON.stringify(attributes));
  useReconfigured(view, slots.mode, mode, [placeholder, isMultiline, canBreak, isReadOnly, language].join('\n'));

  useImperativeHandle(
    ref,
    () => ({
      focus: () => view.current?.focus(),
      insert: (reference) => {
        const now = view.current;
        if (!now) return;
        now.dispatch(now.state.replaceSelection(`{{${reference}}}`), {
          userEvent: 'input.complete',
          scrollIntoView: true,
        });
        now.focus();
      },
      replace: (from, to, text) => {
        const now = view.current;
        if (!now || to > now.state.doc.length) return;
        now.dispatch({
          changes: { from, to, insert: text },
          selection: { anchor: from + text.length },
          userEvent: 'input.complete',
        });
        now.focus();
      },
    }),
    [],
  );

  return <div ref={box} />;
}

function modeOf(
  placeholder: string,
  isMultiline: boolean,
  canBreak: boolean,
  isReadOnly: boolean,
  language: 'json' | 'text',
): Extension {
  return [
    placeholder ? placeholderOf(placeholder) : [],
    isMultiline ? [] : canBreak ? breakLine : onlyOneLine,
    language === 'json' ? json() : [],
    isReadOnly ? [EditorState.readOnly.of(true), EditorView.editable.of(false)] : [],
  ];
}

function useReconfigured(view: { current: EditorView | null }, slot: Compartment, extension: Extension, key: unknown) {
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    view.current?.dispatch({ effects: slot.reconfigure(extension) });
    // The extension is made anew at each rendering; `key` says when it means something else.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [view, slot, key]);
}
