// Where a block leads: each way out with the block it goes to, or a new one.
import { Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { BLOCK_TYPES } from '../blocks';
import { useBuilder } from '../BuilderContext';
import type { Block, BlockType } from '../definition';
import { connect, inOrder, waysDrawn, waysOut, type WayOut } from '../edges';
import { useBlockWords } from '../useBlockWords';
import classes from './panel.module.css';
import { Part } from './Part';

const NOWHERE = '';
const NEW = 'new:';

export function WaysPart({ block }: { block: Block }) {
  const { t } = useTranslation('flows');
  const [isUnfolded, setUnfolded] = useState(false);
  const ways = waysDrawn(block, isUnfolded);
  const hasMore = waysOut(block).length > ways.length;
  if (ways.length === 0) return null;
  return (
    <Part title={t('panel.ways')} hint={t('panel.waysHint')}>
      {ways.map((way) => (
        <WaySelect key={way.edge} block={block} way={way} />
      ))}
      {hasMore ? (
        <button type="button" className={classes.more} onClick={() => setUnfolded(true)}>
          {t('canvas.otherOutcomes', { count: waysOut(block).length - ways.length })}
        </button>
      ) : null}
    </Part>
  );
}

function WaySelect({ block, way }: { block: Block; way: WayOut }) {
  const { t } = useTranslation('flows');
  const words = useBlockWords();
  const { definition, isReadOnly, change, names, addOn, errors } = useBuilder();
  const blocks = useMemo(
    () => inOrder(definition).map(({ block: { id } }) => ({ value: id, label: names.get(id) ?? id })),
    [definition, names],
  );
  const to = block.edges[way.edge];
  return (
    <div data-path={`edges.${way.edge}`}>
      <Select
        size="sm"
        label={words.way(block, way)}
        data={[
          { value: NOWHERE, label: t(`unwired.${unwired(block, way)}`) },
          { group: t('panel.existing'), items: numbered(blocks) },
          ...(isReadOnly
            ? []
            : [
                {
                  group: t('panel.newBlock'),
                  items: BLOCK_TYPES.map((type) => ({ value: NEW + type, label: t(`types.${type}`) })),
                },
              ]),
        ]}
        value={to ?? NOWHERE}
        onChange={(chosen) => {
          if (chosen?.startsWith(NEW)) addOn(block, way.edge, chosen.slice(NEW.length) as BlockType);
          else change((now) => connect(now, block.id, way.edge, chosen || null));
        }}
        error={errors[`edges.${way.edge}`]}
        searchable={blocks.length > 12}
        readOnly={isReadOnly}
      />
    </div>
  );
}

/** What happens on a way that leads nowhere. */
function unwired(block: Block, { edge, kind }: WayOut): string {
  if (edge === 'timeout' && block.type !== 'custom_integration') return 'expires';
  if (edge === 'undelivered') return 'stays';
  if (edge === 'failed' || edge === 'no_match' || edge === 'empty') return 'fails';
  if (kind === 'trouble') return 'failed';
  if (edge.startsWith('button:') || edge.startsWith('row:')) return 'others';
  return 'ends';
}

/** Options of the same name told apart. */
export function numbered(options: { value: string; label: string }[]): { value: string; label: string }[] {
  const seen = new Map<string, number>();
  return options.map(({ value, label }) => {
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return { value, label: count === 1 ? label : `${label} (${count})` };
  });
}
