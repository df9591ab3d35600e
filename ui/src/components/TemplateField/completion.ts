// Offers references while `{{` is typed, or when Ctrl+Space asks for them.
import {
  autocompletion,
  completionStatus,
  insertCompletionText,
  pickedCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { Facet, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

import { icon, iconOf, knownReferences } from './chips';
import { matchingOptions } from './matching';
import { REFERENCE_GROUPS, type ReferenceGroup, type ReferenceOption } from './types';

export interface Offer {
  options: ReferenceOption[];
  sections: Partial<Record<ReferenceGroup, string>>;
  discouraged: string;
  onInsert: (option: ReferenceOption) => void;
}

const NO_OFFER: Offer = { options: [], sections: {}, discouraged: '', onInsert: () => undefined };
export const offered = Facet.define<Offer, Offer>({ combine: (given) => given[0] ?? NO_OFFER });

interface Choice extends Completion {
  option: ReferenceOption;
}

function apply(view: EditorView, completion: Completion, from: number, to: number): void {
  const { option } = completion as Choice;
  const { state } = view;
  const braces = /(?:\{\{[ \t]*)?$/.exec(state.sliceDoc(Math.max(0, from - 20), from))![0].length;
  const closing = /^[ \t]*\}\}/.exec(state.sliceDoc(to, to + 20))?.[0].length ?? 0;
  view.dispatch(insertCompletionText(state, `{{${option.text}}}`, from - braces, to + (braces > 0 ? closing : 0)), {
    annotations: pickedCompletion.of(completion),
  });
  state.facet(offered).onInsert(option);
}

function source(context: CompletionContext): CompletionResult | null {
  const braces = context.matchBefore(/(?<!\\)\{\{[ \t]*[\p{L}\p{N}_.]*/u);
  if (!braces && !context.explicit) return null;
  const { options, sections } = context.state.facet(offered);
  const from = braces ? braces.from + /^\{\{[ \t]*/.exec(braces.text)![0].length : context.pos;
  const found = matchingOptions(options, context.state.sliceDoc(from, context.pos));
  if (found.length === 0) return null;
  return {
    from,
    filter: false,
    options: found.map((option): Choice => ({
      label: option.text,
      displayLabel: option.label || option.text,
      option,
      apply,
      section: { name: sections[option.group] ?? option.group, rank: REFERENCE_GROUPS.indexOf(option.group) },
    })),
  };
}

function drawIcon(completion: Completion): Node {
  const box = document.createElement('span');
  const { option } = completion as Choice;
  box.className = `cm-option-icon${option.isSecret ? ' cm-option-secret' : ''}`;
  box.append(icon(iconOf(option)));
  return box;
}

function drawDetail(completion: Completion, state: { facet: EditorView['state']['facet'] }): Node {
  const { option } = completion as Choice;
  const box = document.createElement('span');
  box.className = 'cm-option-detail';
  const { words } = state.facet(knownReferences);
  box.textContent = option.isDiscouraged ? state.facet(offered).discouraged : words.type(option);
  return box;
}

export const completion: Extension = [
  autocompletion({
    override: [source],
    icons: false,
    interactionDelay: 0,
    activateOnTypingDelay: 0,
    optionClass: (choice) => ((choice as Choice).option.isDiscouraged ? 'cm-option-discouraged' : ''),
    addToOptions: [
      { render: drawIcon, position: 20 },
      { render: drawDetail, position: 80 },
    ],
  }),
  // A dialog around the field must not take the Escape that closes the list.
  EditorView.contentAttributes.of((view): Record<string, string> =>
    completionStatus(view.state) ? { 'data-mantine-stop-propagation': 'true' } : {},
  ),
];
