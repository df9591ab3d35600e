// How the field's text, chips and list look, in light and dark by the theme's own variables.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Extension } from '@codemirror/state';

const chip = (background: string, color: string) => ({
  background: `var(--mantine-color-${background})`,
  color: `var(--mantine-color-${color})`,
});

const theme = EditorView.theme({
  '&': { color: 'var(--mantine-color-text)', backgroundColor: 'transparent', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    lineHeight: '22px',
    overflow: 'visible',
    fontFeatureSettings: "'calt' 0",
  },
  '.cm-content': { minWidth: '0', padding: '6px 0', caretColor: 'var(--mantine-color-text)' },
  '.cm-line': { padding: '0', overflowWrap: 'anywhere' },
  '.cm-placeholder': {
    color: 'var(--mantine-color-placeholder)',
    fontFamily: 'var(--mantine-font-family)',
    fontSize: '0.875rem',
  },
  '.cm-chip': {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '4px',
    maxWidth: '100%',
    verticalAlign: 'bottom',
    height: '20px',
    margin: '1px 1px',
    padding: '0 7px 0 6px',
    borderRadius: '6px',
    fontFamily: 'var(--mantine-font-family)',
    fontSize: '0.78125rem',
    fontWeight: '550',
    lineHeight: '20px',
    whiteSpace: 'nowrap',
    cursor: 'default',
    boxSizing: 'border-box',
  },
  '.cm-chip svg': { flex: 'none' },
  '.cm-chip-text': { overflow: 'hidden', textOverflow: 'ellipsis' },
  '.cm-chip-inputs': chip('jade-light', 'jade-light-color'),
  '.cm-chip-auth': chip('blue-light', 'blue-light-color'),
  '.cm-chip-secret': chip('yellow-light', 'yellow-light-color'),
  '.cm-chip-unknown': chip('red-light', 'red-light-color'),
  '.cm-chip-unknown .cm-chip-text': { textDecoration: 'line-through' },
  '.cm-chip-selected': { outline: '2px solid var(--mantine-primary-color-filled)', outlineOffset: '-1px' },
  '.cm-broken': {
    textDecoration: 'underline wavy var(--mantine-color-error)',
    textUnderlineOffset: '4px',
    color: 'var(--mantine-color-error)',
  },
  '.cm-escape': { opacity: '0.55' },
  '.cm-tooltip.cm-tooltip-autocomplete': {
    border: '1px solid var(--mantine-color-default-border) !important',
    backgroundColor: 'var(--mantine-color-body) !important',
    borderRadius: '8px',
    padding: '4px',
    boxShadow: 'var(--mantine-shadow-md)',
    zIndex: '400',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mantine-font-family) !important',
    maxHeight: '17em',
    maxWidth: 'min(420px, calc(100vw - 24px)) !important',
    minWidth: '240px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    alignItems: 'center',
    gap: '8px',
    padding: '6px 8px !important',
    borderRadius: '6px',
    fontSize: '0.8125rem',
    lineHeight: '1.4',
    color: 'var(--mantine-color-text)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--mantine-color-jade-light) !important',
    color: 'var(--mantine-color-text) !important',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > completion-section': {
    display: 'block',
    padding: '6px 8px 2px !important',
    opacity: '1 !important',
    borderBottom: 'none !important',
    fontSize: '0.75rem',
    fontWeight: '600',
    color: 'var(--mantine-color-dimmed)',
  },
  '.cm-completionLabel': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', fontWeight: '550' },
  '.cm-completionMatchedText': { textDecoration: 'none !important' },
  '.cm-option-icon': { display: 'inline-flex', color: 'var(--mantine-color-jade-text)' },
  '.cm-option-secret': { color: 'var(--mantine-color-yellow-text)' },
  '.cm-option-detail': {
    marginLeft: 'auto',
    paddingLeft: '12px',
    color: 'var(--mantine-color-dimmed)',
    fontSize: '0.75rem',
    whiteSpace: 'nowrap',
  },
  '.cm-option-discouraged .cm-option-detail': { color: 'var(--mantine-color-yellow-text)' },
});

const json = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--mantine-color-blue-light-color)' },
  { tag: tags.string, color: 'var(--mantine-color-jade-text)' },
  { tag: tags.number, color: 'var(--mantine-color-orange-light-color)' },
  { tag: [tags.bool, tags.null], color: 'var(--mantine-color-violet-light-color)' },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: 'var(--mantine-color-dimmed)' },
]);

export const look: Extension = [theme, syntaxHighlighting(json)];
