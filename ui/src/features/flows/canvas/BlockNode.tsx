// A block on the canvas: what it is, what it says, and a handle for each way out.
import { Tooltip } from '@mantine/core';
import { Handle, Position, type NodeProps } from '@xyflow/react';
import { CircleAlert, Flag, Plus, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { BlockIcon } from '../BlockIcon';
import type { Block } from '../definition';
import { waysDrawn, waysOut } from '../edges';
import { useBlockWords } from '../useBlockWords';
import { BlockBody } from './BlockBody';
import classes from './canvas.module.css';
import { useDrawing } from './context';
import type { BlockNodeType } from './elements';

export const BlockNode = memo(function BlockNode({ data, selected }: NodeProps<BlockNodeType>) {
  const { block, isStart } = data;
  const { t } = useTranslation('flows');
  const drawing = useDrawing();
  const { highlighted, visited, counts, problems } = drawing;
  const found = problems.get(block.id);
  const count = counts[block.id];
  const name = block.name.trim();
  return (
    <div
      className={classes.block}
      data-block={block.id}
      data-type={block.type}
      data-selected={selected || undefined}
      data-current={highlighted === block.id || undefined}
      data-faded={(visited !== null && !visited.has(block.id) && highlighted !== block.id) || undefined}
      data-wrong={found && found.errors > 0 ? true : undefined}
    >
      {isStart ? (
        <span className={classes.start}>
          <Flag size={12} aria-hidden /> {t('canvas.start')}
        </span>
      ) : null}
      <Handle type="target" position={Position.Left} id="in" className={classes.in} isConnectableStart={false} />
      <div className={classes.head}>
        <BlockIcon type={block.type} />
        <span className={classes.names}>
          <span className={classes.name}>{name || t(`types.${block.type}`)}</span>
          {name ? <span className={classes.type}>{t(`types.${block.type}`)}</span> : null}
        </span>
        {found ? <Trouble errors={found.errors} warnings={found.warnings} /> : null}
        {count ? <Count entered={count.entered} stopped={count.stopped ?? 0} /> : null}
      </div>
      <BlockBody block={block} />
      <Ways block={block} />
    </div>
  );
});

function Trouble({ errors, warnings }: { errors: number; warnings: number }) {
  const { t } = useTranslation('flows');
  const label = [
    errors > 0 ? t('problems.errors', { count: errors }) : '',
    warnings > 0 ? t('problems.warnings', { count: warnings }) : '',
  ]
    .filter(Boolean)
    .join(', ');
  return (
    <Tooltip label={label}>
      <span className={classes.trouble} data-warning={errors === 0 || undefined} role="img" aria-label={label}>
        {errors > 0 ? <CircleAlert size={16} aria-hidden /> : <TriangleAlert size={16} aria-hidden />}
        {errors || warnings}
      </span>
    </Tooltip>
  );
}

function Count({ entered, stopped }: { entered: number; stopped: number }) {
  const { t } = useTranslation('flows');
  return (
    <span className={classes.counts}>
      <Tooltip label={t('canvas.entered', { count: entered })}>
        <span className={classes.count}>
          <span aria-hidden>{entered}</span>
          <span className="sr-only">{t('canvas.entered', { count: entered })}</span>
        </span>
      </Tooltip>
      {stopped > 0 ? (
        <Tooltip label={t('canvas.stopped', { count: stopped })}>
          <span className={classes.count} data-stopped>
            <span aria-hidden>−{stopped}</span>
            <span className="sr-only">{t('canvas.stopped', { count: stopped })}</span>
          </span>
        </Tooltip>
      ) : null}
    </span>
  );
}

function Ways({ block }: { block: Block }) {
  const { t } = useTranslation('flows');
  const words = useBlockWords();
  const { isReadOnly, unfolded, onUnfold, onAdd } = useDrawing();
  const drawn = waysDrawn(block, unfolded.has(block.id));
  const folded = waysOut(block).length - drawn.length;
  if (drawn.length === 0) return null;
  return (
    <ul className={classes.ways}>
      {drawn.map((way) => {
        const isWired = block.edges[way.edge] !== undefined;
        const label = words.way(block, way);
        return (
          <li key={way.edge} className={classes.way} data-kind={way.kind} data-way={way.edge}>
            <span className={classes.wayName}>{label}</span>
            <Handle
              type="source"
              position={Position.Right}
              id={way.edge}
              className={classes.out}
              data-wired={isWired || undefined}
              data-kind={way.kind}
              isConnectable={!isReadOnly}
              isConnectableEnd={false}
              aria-label={isReadOnly ? undefined : t('canvas.addAt', { way: label })}
              role={isReadOnly ? undefined : 'button'}
              onClick={
                isReadOnly || isWired
                  ? undefined
                  : (event) => onAdd(block.id, way.edge, { x: event.clientX, y: event.clientY })
              }
            >
              {isReadOnly || isWired ? null : <Plus size={12} strokeWidth={3} aria-hidden />}
            </Handle>
          </li>
        );
      })}
      {folded > 0 && !isReadOnly && block.type === 'custom_integration' ? (
        <li className={classes.fold}>
          <button type="button" className="nodrag" tabIndex={-1} onClick={() => onUnfold(block.id)}>
            {t('canvas.otherOutcomes', { count: folded })}
          </button>
        </li>
      ) : null}
    </ul>
  );
}
