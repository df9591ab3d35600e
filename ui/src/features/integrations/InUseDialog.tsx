// A field is removed or renamed that something uses: says where, and asks.
import { useTranslation } from 'react-i18next';

import { ConfirmDialog } from '../../components/ConfirmDialog';

export interface InUse {
  usedBy: Record<string, string>[];
  /** Fields were renamed, so that references in actions can follow. */
  renamed: boolean;
  goesOn: boolean;
}

interface Props {
  inUse: InUse | null;
  onClose: () => void;
  onConfirm: (actionIds: string[]) => Promise<unknown>;
}

export function InUseDialog({ inUse, onClose, onConfirm }: Props) {
  const { t } = useTranslation('integrations');
  const usedBy = inUse?.usedBy ?? [];
  const actionIds = usedBy.filter(({ kind }) => kind === 'action').map(({ id }) => id ?? '');
  const hasValues = usedBy.some(({ kind }) => kind === 'credential');
  const sentences = usedBy.map(({ kind, name }) => {
    if (kind === 'credential') return t('inUse.credential', { name });
    if (kind === 'test_request') return t('inUse.testRequest');
    return t(inUse?.renamed ? 'inUse.actionRenamed' : 'inUse.action', { name });
  });
  return (
    <ConfirmDialog
      isOpen={inUse !== null}
      onClose={onClose}
      title={t('inUse.title')}
      text={t(hasValues ? 'inUse.textValues' : 'inUse.text')}
      losses={sentences}
      confirmLabel={t('inUse.confirm')}
      onConfirm={() => onConfirm(actionIds)}
    />
  );
}
