// What a note on the path says, in the reader's language.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

export interface NoteShown {
  code: string;
  params: Record<string, unknown>;
}

export function useNoteWords(): (note: NoteShown) => string {
  const { t } = useTranslation('simulator');
  return useCallback(
    ({ code, params }: NoteShown) => {
      const facts = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));
      if (code === 'failed') facts.reason = reasonOf(facts.reason ?? '', t);
      return t(`notes.${code}`, { ...facts, defaultValue: code });
    },
    [t],
  );
}

/** Why it could not go on: a code of its own, an outcome of a call, or the block where it happened. */
function reasonOf(code: string, t: (key: string, options: { defaultValue: string }) => string): string {
  const block = t(`flows:types.${code}`, { defaultValue: code });
  return t(`reasons.${code}`, { defaultValue: t(`common:outcomes.${code}`, { defaultValue: block }) });
}
