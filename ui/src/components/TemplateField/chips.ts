// Shows each reference of a template as one piece: the text stays what it is, only its looks change.
import { Facet, RangeSetBuilder, type Extension } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, WidgetType, type DecorationSet, type ViewUpdate } from '@codemirror/view';

import { escapesIn, isAtCaret, readTemplate, type Reference } from './grammar';
import type { ReferenceOption } from './types';

export interface ChipWords {
  /** What a chip is called aloud: "reference Username, text". */
  name: (option: ReferenceOption) => string;
  unknown: (written: string) => string;
  type: (option: ReferenceOption) => string;
}

export interface Known {
  byText: ReadonlyMap<string, ReferenceOption>;
  words: ChipWords;
}

const NOTHING: Known = {
  byText: new Map(),
  words: { name: (option) => option.label, unknown: (written) => written, type: (option) => option.type },
};

/** The references a field knows, and how they are called. */
export const knownReferences = Facet.define<Known, Known>({ combine: (given) => given[0] ?? NOTHING });

const ICONS = {
  inputs: [
    'M8 3H7a2 2 0 0 0-2 2v5a2 2 0 0 1-2 2 2 2 0 0 1 2 2v5a2 2 0 0 0 2 2h1',
    'M16 3h1a2 2 0 0 1 2 2v5a2 2 0 0 0 2 2 2 2 0 0 0-2 2v5a2 2 0 0 1-2 2h-1',
  ],
  auth: ['M15 7a4 4 0 1 1 0 8 4 4 0 0 1 0-8z', 'M11 11H3v4M7 11v3'],
  secret: ['M6 11h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1z', 'M8 11V7a4 4 0 0 1 8 0v4'],
  unknown: ['M12 4 3 20h18z', 'M12 10v4M12 17v.01'],
};
const SVG = 'http://www.w3.org/2000/svg';

export function icon(kind: keyof typeof ICONS): SVGSVGElement {
  const drawing = document.createElementNS(SVG, 'svg');
  for (const [name, value] of Object.entries({
    viewBox: '0 0 24 24',
    width: '12',
    height: '12',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '2.2',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
  })) {
    drawing.setAttribute(name, value);
  }
  for (const line of ICONS[kind]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', line);
    drawing.append(path);
  }
  return drawing;
}

export function iconOf(option: ReferenceOption): keyof typeof ICONS {
  return option.isSecret ? 'secret' : option.group === 'auth' ? 'auth' : 'inputs';
}

class Chip extends WidgetType {
  constructor(
    readonly written: string,
    readonly option: ReferenceOption | undefined,
    readonly isSelected: boolean,
    readonly words: ChipWords,
  ) {
    super();
  }

  override eq(other: Chip): boolean {
    return (
      other.written === this.written &&
      other.option === this.option &&
      other.isSelected === this.isSelected &&
      other.words === this.words
    );
  }

  override toDOM(): HTMLElement {
    const { option, written, words } = this;
    const chip = document.createElement('span');
    const kind = option ? iconOf(option) : 'unknown';
    chip.className = `cm-chip cm-chip-${kind}${this.isSelected ? ' cm-chip-selected' : ''}`;
    chip.setAttribute('role', 'img');
    chip.setAttribute('aria-label', option ? words.name(option) : words.unknown(written));
    chip.title = option ? `${written} · ${words.type(option)}` : words.unknown(written);
    const text = document.createElement('span');
    text.className = 'cm-chip-text';
    text.textContent = option?.label || written;
    chip.append(icon(kind), text);
    return chip;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

const BROKEN = Decoration.mark({ class: 'cm-broken' });
const ESCAPE = Decoration.mark({ class: 'cm-escape' });

interface Drawn {
  chips: DecorationSet;
  marks: DecorationSet;
  /** Whether the caret's place makes a difference. */
  hasBraces: boolean;
}

function draw(view: EditorView): Drawn {
  const text = view.state.doc.toString();
  const chips = new RangeSetBuilder<Decoration>();
  const marks = new RangeSetBuilder<Decoration>();
  if (!text.includes('{{')) return { chips: chips.finish(), marks: marks.finish(), hasBraces: false };
  const { byText, words } = view.state.facet(knownReferences);
  const { main } = view.state.selection;
  const marked = escapesIn(text).map((at) => ({ from: at, to: at + 1, mark: ESCAPE }));
  for (const part of readTemplate(text)) {
    if (part.kind === 'reference') {
      const written = `${part.group}.${part.name}`;
      const isSelected = !main.empty && main.from <= part.from && main.to >= part.to;
      chips.add(
        part.from,
        part.to,
        Decoration.replace({ widget: new Chip(written, byText.get(written), isSelected, words) }),
      );
    } else if (part.kind === 'broken' && !(view.hasFocus && isAtCaret(part, main.head))) {
      marked.push({ from: part.from, to: part.to, mark: BROKEN });
    }
  }
  for (const { from, to, mark } of marked.toSorted((a, b) => a.from - b.from)) marks.add(from, to, mark);
  return { chips: chips.finish(), marks: marks.finish(), hasBraces: true };
}

const drawing = ViewPlugin.fromClass(
  class {
    drawn: Drawn;

    constructor(view: EditorView) {
      this.drawn = draw(view);
    }

    update(update: ViewUpdate) {
      const hasChanged =
        update.docChanged || update.startState.facet(knownReferences) !== update.state.facet(knownReferences);
      if (hasChanged || ((update.selectionSet || update.focusChanged) && this.drawn.hasBraces))
        this.drawn = draw(update.view);
    }
  },
  {
    provide: (plugin) => [
      EditorView.decorations.of((view) => view.plugin(plugin)?.drawn.chips ?? Decoration.none),
      EditorView.decorations.of((view) => view.plugin(plugin)?.drawn.marks ?? Decoration.none),
      EditorView.atomicRanges.of((view) => view.plugin(plugin)?.drawn.chips ?? Decoration.none),
    ],
  },
);

/** The reference that begins or ends where a chip's element stands. */
function referenceAt(view: EditorView, element: Element): Reference | undefined {
  const at = view.posAtDOM(element);
  return readTemplate(view.state.doc.toString()).find(
    (part): part is Reference => part.kind === 'reference' && part.from <= at && at < part.to,
  );
}

const clicks = EditorView.domEventHandlers({
  mousedown(event, view) {
    const chip = event.target instanceof Element ? event.target.closest('.cm-chip') : null;
    const reference = chip && event.detail === 1 && !event.shiftKey ? referenceAt(view, chip) : undefined;
    if (!reference) return false;
    event.preventDefault();
    view.focus();
    view.dispatch({ selection: { anchor: reference.from, head: reference.to }, userEvent: 'select.pointer' });
    return true;
  },
});

export const chips: Extension = [drawing, clicks];
