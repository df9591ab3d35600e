// What can be done with the keyboard.
import { Kbd, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Dialog } from '../../components/Dialog';

const SHORTCUTS = [
  ['Tab', 'walk'],
  ['← → ↑ ↓', 'neighbour'],
  ['Enter', 'open'],
  ['Alt + ← → ↑ ↓', 'move'],
  ['Delete', 'remove'],
  ['Ctrl + Z', 'undo'],
  ['Ctrl + Y', 'redo'],
  ['Ctrl + C', 'copy'],
  ['Ctrl + V', 'paste'],
  ['Ctrl + D', 'duplicate'],
  ['Ctrl + A', 'all'],
  ['Ctrl + K', 'search'],
  ['Escape', 'close'],
] as const;

export function ShortcutsDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('flows');
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('shortcuts.title')}>
      <Table aria-label={t('shortcuts.title')} verticalSpacing={6}>
        <Table.Tbody>
          {SHORTCUTS.map(([keys, name]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {t(`shortcuts.${name}`)}
              </Table.Th>
              <Table.Td ta="right">
                <Kbd>{keys}</Kbd>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Dialog>
  );
}
