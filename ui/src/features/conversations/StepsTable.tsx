// Everything that happened in a conversation, one line each.
import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { PathStep } from '../../api/schema';
import { OutcomeBadge } from '../../components/badges';
import { ListTable } from '../../components/ListTable';
import type { Block, Definition } from '../flows/definition';
import { waysOut } from '../flows/edges';
import { useBlockWords } from '../flows/useBlockWords';
import { blockOf, useBlockName } from '../simulator/blocks';
import { useNoteWords } from '../simulator/useNoteWords';

interface Props {
  path: PathStep[];
  definition?: Definition;
}

export function StepsTable({ path, definition }: Props) {
  const { t, i18n } = useTranslation('conversations');
  const nameOf = useBlockName(definition);
  const wayOf = useWayWords();
  const time = new Intl.DateTimeFormat(i18n.resolvedLanguage ?? 'en', { timeStyle: 'medium' });
  if (path.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('steps.empty')}
      </Text>
    );
  return (
    <ListTable label={t('tabs.steps')} minWidth={480} heads={[t('steps.when'), t('steps.block'), t('steps.what')]}>
      {path.map((step, place) => (
        <Table.Tr key={step.number}>
          <Table.Td className="tabular" style={{ whiteSpace: 'nowrap' }}>
            {time.format(new Date(step.at))}
          </Table.Td>
          <Table.Td className="breaks">{nameOf(step.block_id)}</Table.Td>
          <Table.Td className="breaks">
            <What step={step} way={wayOf(blockOf(definition, cameFrom(path, place)), step.edge)} />
          </Table.Td>
        </Table.Tr>
      ))}
    </ListTable>
  );
}

function What({ step, way }: { step: PathStep; way: string }) {
  const { t } = useTranslation('conversations');
  const say = useNoteWords();
  const { kind, note } = step;
  if (kind === 'call') {
    if (note?.state !== 'ended') return <>{t('steps.called')}</>;
    return <OutcomeBadge outcome={typeof note.outcome === 'string' ? note.outcome : 'unknown'} />;
  }
  if (kind === 'note' && typeof note?.code === 'string') {
    return <>{say({ code: note.code, params: (note.params ?? {}) as Record<string, unknown> })}</>;
  }
  return <>{way ? t('steps.by', { way }) : t('steps.entered')}</>;
}

/** The block that was left for this one. */
function cameFrom(path: PathStep[], place: number): string | null {
  return path.slice(0, place).findLast(({ kind }) => kind === 'visited')?.block_id ?? null;
}

/** What a way out of a block is called. */
export function useWayWords(): (block: Block | null, edge: string | null) => string {
  const { t } = useTranslation('conversations');
  const { way } = useBlockWords();
  return (block, edge) => {
    if (edge === null) return '';
    if (edge === 'jump') return t('steps.jump');
    if (edge === 'given_back') return t('steps.givenBack');
    if (edge === 'ask_again') return t('steps.askAgain');
    const known = block && waysOut(block).find((each) => each.edge === edge);
    return block && known ? way(block, known) : edge;
  };
}
