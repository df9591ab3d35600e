// A flow's drawing to look at: where a conversation stands, the way it came, and how many came by each block.
import '@xyflow/react/dist/base.css';

import { useComputedColorScheme } from '@mantine/core';
import { Background, BackgroundVariant, Controls, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { BlockNode } from './canvas/BlockNode';
import classes from './canvas/canvas.module.css';
import { DrawingContext, NO_DRAWING, type Counts, type Drawing } from './canvas/context';
import { edgesOf, markTaken, nodesOf, type Visit } from './canvas/elements';
import { useAriaLabels } from './canvas/useAriaLabels';
import { useNames } from './canvas/useNames';
import { WayEdge } from './canvas/WayEdge';
import type { Definition } from './definition';
import { useBlockWords } from './useBlockWords';

interface Props {
  definition: Definition;
  /** The block the conversation stands at; kept in sight. */
  highlighted?: string | null;
  /** The blocks walked through, in order; what is not among them is faded. */
  path?: readonly Visit[];
  /** Figures by block. */
  counts?: Readonly<Record<string, Counts>>;
  /** A block was chosen. */
  onBlock?: (id: string) => void;
  height?: number | string;
}

const FIT = { maxZoom: 1, minZoom: 0.3, padding: 0.15 };
const NODE_TYPES = { block: BlockNode };
const EDGE_TYPES = { way: WayEdge };
const NO_COUNTS = {};

export function FlowDrawing(props: Props) {
  return (
    <ReactFlowProvider>
      <Sheet {...props} />
    </ReactFlowProvider>
  );
}

function Sheet({ definition, highlighted = null, path, counts = NO_COUNTS, onBlock, height = '100%' }: Props) {
  const { t } = useTranslation('flows');
  const colorMode = useComputedColorScheme();
  const ariaLabels = useAriaLabels();
  const { title } = useBlockWords();
  const names = useNames(definition);
  const { setCenter, getNode, getZoom } = useReactFlow();
  const nodes = useMemo(() => nodesOf(definition, [], title), [definition, title]);
  const edges = useMemo(() => markTaken(edgesOf(definition, null), path ?? null), [definition, path]);
  const drawing = useMemo(
    (): Drawing => ({
      ...NO_DRAWING,
      highlighted,
      visited: path ? new Set(path.map(({ block_id: id }) => id)) : null,
      counts,
      names,
    }),
    [highlighted, path, counts, names],
  );

  useEffect(() => {
    const node = highlighted ? getNode(highlighted) : undefined;
    if (!node) return;
    const { width = 264, height: tall = 120 } = node.measured ?? {};
    void setCenter(node.position.x + width / 2, node.position.y + tall / 2, {
      zoom: Math.max(getZoom(), 0.7),
      duration: 300,
    });
  }, [highlighted, getNode, getZoom, setCenter]);

  return (
    <DrawingContext value={drawing}>
      <div className={classes.sheet} style={{ height }} role="region" aria-label={t('canvas.drawing')}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          colorMode={colorMode}
          ariaLabelConfig={ariaLabels}
          nodesDraggable={false}
          nodesConnectable={false}
          elementsSelectable={onBlock !== undefined}
          nodesFocusable={onBlock !== undefined}
          edgesFocusable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          onNodeClick={(_event, node) => onBlock?.(node.id)}
          fitView
          fitViewOptions={FIT}
          minZoom={0.2}
          maxZoom={1.6}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.5} />
          <Controls showInteractive={false} fitViewOptions={FIT} />
        </ReactFlow>
      </div>
    </DrawingContext>
  );
}
