// Copying, cutting and pasting blocks with the browser's own commands, so that they pass between flows and windows.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { announce } from '../../components/TemplateField/announce';
import { copyBlocks } from './clipboard';
import type { BuilderState } from './useBuilderState';

function isTyping(): boolean {
  const at = document.activeElement;
  if (at instanceof HTMLElement && (at.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(at.tagName)))
    return true;
  if (document.querySelector('[role=dialog][aria-modal=true]')) return true;
  return (window.getSelection()?.toString() ?? '') !== '';
}

export function useClipboard(state: BuilderState, isReadOnly: boolean): void {
  const { t } = useTranslation('flows');
  const { editor, chosen, remove, paste } = state;
  const { definition } = editor;
  useEffect(() => {
    const take = (event: ClipboardEvent, isCut: boolean) => {
      const ids = chosen();
      if (isTyping() || ids.size === 0) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', copyBlocks(definition, ids));
      announce(t(isCut ? 'clipboard.cut' : 'clipboard.copied', { count: ids.size }));
      if (isCut && !isReadOnly) remove(ids);
    };
    const copy = (event: ClipboardEvent) => take(event, false);
    const cut = (event: ClipboardEvent) => take(event, true);
    const put = (event: ClipboardEvent) => {
      if (isReadOnly || isTyping()) return;
      if (paste(event.clipboardData?.getData('text/plain') ?? '')) {
        event.preventDefault();
        announce(t('clipboard.pasted'));
      }
    };
    document.addEventListener('copy', copy);
    document.addEventListener('cut', cut);
    document.addEventListener('paste', put);
    return () => {
      document.removeEventListener('copy', copy);
      document.removeEventListener('cut', cut);
      document.removeEventListener('paste', put);
    };
  }, [definition, chosen, remove, paste, isReadOnly, t]);
}
