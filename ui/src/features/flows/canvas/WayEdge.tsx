// A way from one block to the next, with a "+" in its middle to put another block there.
import { BaseEdge, EdgeLabelRenderer, getBezierPath, getSmoothStepPath, type EdgeProps } from '@xyflow/react';
import { Plus } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './canvas.module.css';
import { useDrawing } from './context';
import type { WayEdgeType } from './elements';

export const WayEdge = memo(function WayEdge(props: EdgeProps<WayEdgeType>) {
  const { t } = useTranslation('flows');
  const { isReadOnly, onAdd } = useDrawing();
  const { data, selected, sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition } = props;
  const ends = { sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition };
  const isBack = targetX < sourceX + 24;
  const [path, x, y] = isBack ? getSmoothStepPath({ ...ends, borderRadius: 14, offset: 26 }) : getBezierPath(ends);
  return (
    <>
      <BaseEdge
        path={path}
        interactionWidth={24}
        markerEnd={props.markerEnd}
        className={classes.wire}
        data-selected={selected || undefined}
        data-trouble={data?.isTrouble || undefined}
      />
      {isReadOnly || !data ? null : (
        <EdgeLabelRenderer>
          <button
            type="button"
            className={`${classes.plus} nodrag nopan`}
            data-shown={selected || undefined}
            data-edge={props.id}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
            aria-label={t('canvas.insert')}
            tabIndex={-1}
            onClick={(event) => onAdd(data.from, data.edge, { x: event.clientX, y: event.clientY })}
          >
            <Plus size={14} strokeWidth={2.6} aria-hidden />
          </button>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
