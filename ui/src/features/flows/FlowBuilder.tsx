// Draws a flow: the canvas or the outline in the middle, blocks to add at the left, settings of the chosen one at the right.
import { Drawer } from '@mantine/core';
import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { ReactFlowProvider } from '@xyflow/react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { UnsavedGuard } from '../../components/UnsavedGuard';
import { useTitle } from '../../components/useTitle';
import { AddMenu } from './AddMenu';
import { BlockSearch } from './BlockSearch';
import { BuilderContext } from './BuilderContext';
import { Canvas } from './canvas/Canvas';
import { DrawingContext } from './canvas/context';
import { ConflictDialog } from './ConflictDialog';
import { EmptyCanvas } from './EmptyCanvas';
import classes from './flows.module.css';
import { Outline } from './Outline';
import { Palette } from './Palette';
import { Panel } from './panel/Panel';
import { PublishDialog } from './PublishDialog';
import type { Flow } from './queries';
import { ShortcutsDialog } from './ShortcutsDialog';
import { Toolbar } from './Toolbar';
import { TryPanel } from './TryPanel';
import { useBuilderState } from './useBuilderState';
import { useClipboard } from './useClipboard';
import { VersionsDrawer } from './VersionsDrawer';

export function FlowBuilder({ flow }: { flow: Flow }) {
  return (
    <ReactFlowProvider>
      <Desk flow={flow} />
    </ReactFlowProvider>
  );
}

export type Open = 'search' | 'publish' | 'versions' | 'conflict' | 'shortcuts';

function Desk({ flow }: { flow: Flow }) {
  const { t } = useTranslation('flows');
  useTitle(flow.name);
  const isReadOnly = !useMay('flows:write');
  const isNarrow = useMediaQuery('(max-width: 62em)', window.matchMedia('(max-width: 62em)').matches);
  const root = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const state = useBuilderState(flow, isReadOnly, isNarrow, root);
  const { editor, selected, view, panel, drawing, problems } = state;
  const { definition } = editor;
  useClipboard(state, isReadOnly);
  useShortcuts(state, setOpen);
  const close = () => setOpen(null);

  const shownPanel =
    panel === null ? null : panel.kind === 'try' ? (
      <TryPanel flowId={flow.id} onBlock={state.setStandsAt} onVisited={state.setPath} onClose={state.closePanel} />
    ) : (
      <Panel
        key={panel.kind === 'block' ? panel.id : panel.kind}
        shown={panel}
        problems={problems}
        wanted={state.wanted}
        onPick={state.showProblem}
        onClose={state.closePanel}
        onRemove={state.remove}
        onDuplicate={state.duplicate}
        onStart={state.makeStart}
      />
    );

  return (
    <BuilderContext value={state.builder}>
      <DrawingContext value={drawing}>
        <UnsavedGuard isDirty={editor.status === 'failed' || editor.status === 'conflict'} />
        <div className={classes.builder} ref={root}>
          <Toolbar flow={flow} state={state} isReadOnly={isReadOnly} onOpen={setOpen} />
          <div className={classes.body}>
            {isReadOnly || (isNarrow && view === 'outline') ? null : <Palette onAdd={state.add} />}
            <div className={classes.middle}>
              {view === 'canvas' ? (
                <Canvas
                  definition={definition}
                  isReadOnly={isReadOnly}
                  selected={selected}
                  selectedWay={state.selectedWay}
                  path={state.path}
                  onSelect={state.select}
                  onSelectWay={state.selectWay}
                  onOpen={state.openBlock}
                  onMove={state.move}
                  onConnect={state.connect}
                  onOffer={state.offer}
                  onDropBlock={state.drop}
                >
                  {definition.blocks.length === 0 ? <EmptyCanvas isReadOnly={isReadOnly} onAdd={state.add} /> : null}
                </Canvas>
              ) : (
                <>
                  <Outline
                    definition={definition}
                    isReadOnly={isReadOnly}
                    selected={selected}
                    onOpen={(id) => state.openBlock(id, true)}
                    onAddAfter={(block, edge, at) => state.offer(block.id, edge, at, null)}
                    onRemove={(id) => state.remove(new Set([id]))}
                  />
                  {definition.blocks.length === 0 ? <EmptyCanvas isReadOnly={isReadOnly} onAdd={state.add} /> : null}
                </>
              )}
            </div>
            {isNarrow ? (
              <Drawer
                opened={shownPanel !== null}
                onClose={state.closePanel}
                position="bottom"
                size="85%"
                withCloseButton={false}
                padding={0}
                attributes={{ content: { 'aria-label': t('panel.title') } }}
              >
                {shownPanel}
              </Drawer>
            ) : shownPanel ? (
              <aside
                className={classes.aside}
                data-wide={panel?.kind === 'try' || undefined}
                aria-label={t(panel?.kind === 'try' ? 'tools.tryIt' : 'panel.title')}
              >
                {shownPanel}
              </aside>
            ) : null}
          </div>
        </div>
        <AddMenu at={state.offered?.at ?? null} onPick={state.takeOffer} onClose={state.endOffer} />
        <BlockSearch isOpen={open === 'search'} definition={definition} onClose={close} onPick={state.jumpTo} />
        <ShortcutsDialog isOpen={open === 'shortcuts'} onClose={close} />
        <VersionsDrawer
          flowId={flow.id}
          editor={editor}
          isReadOnly={isReadOnly}
          isOpen={open === 'versions'}
          onClose={close}
        />
        <PublishDialog
          flowId={flow.id}
          next={(flow.published_version ?? 0) + 1}
          editor={editor}
          problems={problems}
          names={drawing.names}
          isOpen={open === 'publish'}
          onClose={close}
          onPick={(problem) => {
            close();
            state.showProblem(problem);
          }}
        />
        <ConflictDialog
          editor={editor}
          isOpen={open === 'conflict' || state.isConflictNew}
          onClose={() => {
            state.seeConflict();
            close();
          }}
        />
      </DrawingContext>
    </BuilderContext>
  );
}

/** A key counts where no window asks for something. */
function free(run: () => void) {
  return (event: KeyboardEvent) => {
    if (document.querySelector('[role=dialog][aria-modal=true]')) return;
    event.preventDefault();
    run();
  };
}

/** What the keyboard does wherever no text is typed. */
function useShortcuts(state: ReturnType<typeof useBuilderState>, onOpen: (what: Open) => void) {
  const { editor } = state;
  useHotkeys([
    ['mod+Z', free(editor.undo)],
    ['mod+shift+Z', free(editor.redo)],
    ['mod+Y', free(editor.redo)],
    ['mod+D', free(() => state.duplicate(state.chosen()))],
    ['mod+A', free(state.selectAll)],
    ['Delete', free(state.removeChosen)],
    ['Backspace', free(state.removeChosen)],
    ['shift+?', free(() => onOpen('shortcuts'))],
  ]);
  useHotkeys(
    [
      ['mod+K', free(() => onOpen('search'))],
      ['mod+S', free(() => void editor.flush().catch(() => undefined))],
      ['Escape', free(state.escape)],
    ],
    [],
    true,
  );
}
