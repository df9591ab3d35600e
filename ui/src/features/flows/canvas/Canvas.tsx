// The sheet on which a flow is drawn: blocks are dragged, connected, chosen and walked through with the keyboard.
import '@xyflow/react/dist/base.css';

import { useComputedColorScheme } from '@mantine/core';
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  Controls,
  MarkerType,
  MiniMap,
  ReactFlow,
  SelectionMode,
  useReactFlow,
  type Connection,
  type FinalConnectionState,
  type NodeChange,
} from '@xyflow/react';
import { useCallback, useMemo, useRef, useState, type DragEvent, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { BlockType, Definition, Position } from '../definition';
import { useBlockWords } from '../useBlockWords';
import { FIT, showFlow } from './beginning';
import { BlockNode } from './BlockNode';
import classes from './canvas.module.css';
import { choose, edgesOf, markTaken, nodesOf, type BlockNodeType, type Visit, type WayEdgeType } from './elements';
import { neighbour, type Direction } from './neighbour';
import { useAriaLabels } from './useAriaLabels';
import { WayEdge } from './WayEdge';

/** What a block of the palette is dragged as. */
export const DRAGGED = 'application/x-recado-block';
const MINIMAP_FROM = 16;
const NODE_TYPES = { block: BlockNode };
const EDGE_TYPES = { way: WayEdge };
const MARKED = { markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: 'var(--recado-wire)' } };
const SEVERAL = ['Meta', 'Control', 'Shift'];
const ARROWS: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };
const NUDGE = 20;

type Flow = ReturnType<typeof useReactFlow>;

interface Props {
  definition: Definition;
  isReadOnly: boolean;
  selected: ReadonlySet<string>;
  selectedWay: string | null;
  /** The way a conversation took that is tried; null where none is. */
  path: readonly Visit[] | null;
  onSelect: (ids: ReadonlySet<string>) => void;
  onSelectWay: (id: string | null) => void;
  onOpen: (id: string, isByKeyboard: boolean) => void;
  onMove: (places: ReadonlyMap<string, Position>) => void;
  onConnect: (from: string, edge: string, to: string) => void;
  /** A way was dragged to where nothing stands, or its "+" was pressed. */
  onOffer: (from: string, edge: string, at: Position, place: Position) => void;
  onDropBlock: (type: BlockType, place: Position) => void;
  children?: ReactNode;
}

export function Canvas(props: Props) {
  const { definition, isReadOnly, selected, selectedWay, path, onSelect, onSelectWay, onOpen, onMove, onConnect } =
    props;
  const { t } = useTranslation('flows');
  const colorMode = useComputedColorScheme();
  const ariaLabels = useAriaLabels();
  const { title } = useBlockWords();
  const sheet = useRef<HTMLDivElement>(null);
  const { screenToFlowPosition } = useReactFlow();
  const label = useCallback(
    (block: Definition['blocks'][number]) => t('canvas.block', { title: title(block), type: t(`types.${block.type}`) }),
    [t, title],
  );
  const [nodes, setNodes] = useState<BlockNodeType[]>(() => choose(nodesOf(definition, [], label), selected));
  const [drawn, setDrawn] = useState({ definition, selected, label });
  if (drawn.definition !== definition || drawn.selected !== selected || drawn.label !== label) {
    setDrawn({ definition, selected, label });
    setNodes(choose(nodesOf(definition, nodes, label), selected));
  }
  const edges = useMemo(() => markTaken(edgesOf(definition, selectedWay), path), [definition, selectedWay, path]);

  function changeNodes(changes: NodeChange<BlockNodeType>[]) {
    const picks = changes.filter((change) => change.type === 'select');
    if (picks.length > 0) {
      const next = new Set(selected);
      for (const { id, selected: isIn } of picks) {
        if (isIn) next.add(id);
        else next.delete(id);
      }
      onSelect(next);
    }
    const rest = changes.filter((change) => change.type !== 'select' && change.type !== 'remove');
    if (rest.length > 0) setNodes((now) => applyNodeChanges(rest, now));
  }

  const place = useCallback(
    (moved: BlockNodeType[]) =>
      onMove(new Map(moved.map(({ id, position }) => [id, { x: Math.round(position.x), y: Math.round(position.y) }]))),
    [onMove],
  );

  function endConnection(event: MouseEvent | TouchEvent, state: FinalConnectionState) {
    if (state.isValid || !state.fromHandle?.id || !state.fromNode || state.toNode) return;
    const { clientX, clientY } = 'changedTouches' in event ? event.changedTouches[0]! : event;
    const at = { x: clientX, y: clientY };
    const { x, y } = screenToFlowPosition(at);
    props.onOffer(state.fromNode.id, state.fromHandle.id, at, { x, y: y - 28 });
  }

  function drop(event: DragEvent) {
    const type = event.dataTransfer.getData(DRAGGED);
    if (!type) return;
    event.preventDefault();
    const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    props.onDropBlock(type as BlockType, { x: Math.round(x - 132), y: Math.round(y - 24) });
  }

  function press(event: KeyboardEvent) {
    const node = (event.target as Element).closest<HTMLElement>('.react-flow__node');
    if (!node || node !== event.target) return;
    const id = node.dataset.id!;
    const direction = ARROWS[event.key];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect(new Set([id]));
      onOpen(id, true);
    } else if (direction && event.altKey && !isReadOnly) {
      event.preventDefault();
      const ids = selected.has(id) ? selected : new Set([id]);
      const by = { left: [-NUDGE, 0], right: [NUDGE, 0], up: [0, -NUDGE], down: [0, NUDGE] }[direction] as [
        number,
        number,
      ];
      onMove(
        new Map(
          definition.blocks
            .filter((block) => ids.has(block.id))
            .map(({ id: each, position }) => [each, { x: position.x + by[0], y: position.y + by[1] }]),
        ),
      );
    } else if (direction) {
      event.preventDefault();
      const next = neighbour(definition, id, direction);
      if (next) {
        if (event.shiftKey) onSelect(new Set([...selected, id, next]));
        node.parentElement?.querySelector<HTMLElement>(`[data-id="${CSS.escape(next)}"]`)?.focus();
      }
    }
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys are those of the blocks inside
    <div ref={sheet} className={classes.sheet} onKeyDown={press} role="region" aria-label={t('canvas.drawing')}>
      <ReactFlow<BlockNodeType, WayEdgeType>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        defaultEdgeOptions={MARKED}
        colorMode={colorMode}
        ariaLabelConfig={ariaLabels}
        onNodesChange={changeNodes}
        onNodeClick={(event, node) => {
          if (!event.shiftKey && !event.ctrlKey && !event.metaKey) onOpen(node.id, false);
        }}
        onNodeDragStop={(_event, _node, moved) => place(moved)}
        onSelectionDragStop={(_event, moved) => place(moved)}
        onEdgeClick={(_event, edge) => onSelectWay(edge.id)}
        onPaneClick={() => {
          onSelectWay(null);
          if (selected.size > 0) onSelect(new Set());
        }}
        onConnect={({ source, sourceHandle, target }: Connection) => {
          if (sourceHandle) onConnect(source, sourceHandle, target);
        }}
        onConnectEnd={endConnection}
        onReconnect={(edge, { target }) => {
          if (edge.data) onConnect(edge.data.from, edge.data.edge, target);
        }}
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes(DRAGGED)) event.preventDefault();
        }}
        onDrop={drop}
        nodesDraggable={!isReadOnly}
        nodesConnectable={!isReadOnly}
        edgesReconnectable={!isReadOnly}
        edgesFocusable={false}
        connectOnClick={false}
        connectionDragThreshold={4}
        connectionRadius={36}
        nodeDragThreshold={3}
        selectionMode={SelectionMode.Partial}
        multiSelectionKeyCode={SEVERAL}
        deleteKeyCode={null}
        disableKeyboardA11y
        zoomOnDoubleClick={false}
        onInit={(flow) => void showFlow(flow as unknown as Flow, definition.start, sheet.current)}
        fitView
        fitViewOptions={FIT}
        minZoom={0.15}
        maxZoom={1.8}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.5} />
        <Controls showInteractive={false} fitViewOptions={{ ...FIT, minZoom: 0.15 }} />
        {nodes.length >= MINIMAP_FROM ? <MiniMap pannable zoomable /> : null}
        {props.children}
      </ReactFlow>
    </div>
  );
}
