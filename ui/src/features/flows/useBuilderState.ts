// What is chosen and shown in the builder, and what is done to the flow from there.
import { useReactFlow } from '@xyflow/react';
import { useCallback, useMemo, useState, type RefObject } from 'react';

import { newBlock } from './blocks';
import type { Builder } from './BuilderContext';
import { showFlow } from './canvas/beginning';
import type { Drawing } from './canvas/context';
import type { Visit } from './canvas/elements';
import { useNames } from './canvas/useNames';
import { copyBlocks, pasteBlocks } from './clipboard';
import type { Block, BlockType, Position } from './definition';
import { addBlock, connect, insertOn, mainWay, moveBlocks, removeBlocks, waysDrawn } from './edges';
import { besideOf, freePlace, makeRoom } from './places';
import { errorsOf, type ShownProblem } from './problems';
import type { Flow } from './queries';
import { useFlowEditor } from './useFlowEditor';
import { useProblems } from './useProblems';
import { useReferences } from './useReferences';

export type Shown = { kind: 'block'; id: string } | { kind: 'settings' } | { kind: 'problems' } | { kind: 'try' };
export type View = 'canvas' | 'outline';
/** A field that shall have the focus; a new object each time it is asked for. */
export interface Wanted {
  field: string;
}

interface Offered {
  from: string;
  edge: string;
  at: Position;
  place: Position | null;
}

const NOTHING: ReadonlySet<string> = new Set();

export function useBuilderState(
  flow: Flow,
  isReadOnly: boolean,
  isNarrow: boolean,
  root: RefObject<HTMLDivElement | null>,
) {
  const editor = useFlowEditor(flow, isReadOnly);
  const { definition, change, flush } = editor;
  const sheet = useReactFlow();
  const { setCenter, getNode, getNodes, getZoom, screenToFlowPosition } = sheet;
  const [selected, setSelected] = useState(NOTHING);
  const [selectedWay, setSelectedWay] = useState<string | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [view, setView] = useState<View>(isNarrow ? 'outline' : 'canvas');
  const [offered, setOffered] = useState<Offered | null>(null);
  const [unfolded, setUnfolded] = useState(NOTHING);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const [seen, setSeen] = useState<Flow | null>(null);
  const [standsAt, setStandsAt] = useState<string | null>(null);
  const [path, setPath] = useState<readonly Visit[] | null>(null);
  const problems = useProblems(flow.id, definition);
  const names = useNames(definition);
  const byId = useMemo(() => new Map(definition.blocks.map((block) => [block.id, block])), [definition.blocks]);
  const panel = shown?.kind === 'block' && !byId.has(shown.id) ? null : shown;
  const isTrying = panel?.kind === 'try';
  const shownId = panel?.kind === 'block' ? panel.id : null;
  const references = useReferences(definition, shownId);

  const select = useCallback((ids: ReadonlySet<string>) => {
    setSelected(ids);
    setSelectedWay(null);
  }, []);
  const selectWay = useCallback((id: string | null) => setSelectedWay(id), []);

  const openBlock = useCallback((id: string, isByKeyboard: boolean) => {
    setSelected(new Set([id]));
    setSelectedWay(null);
    setShown({ kind: 'block', id });
    if (isByKeyboard) setWanted({ field: '' });
  }, []);

  const focusBlock = useCallback(
    (id: string) => {
      const element = root.current?.querySelector<HTMLElement>(
        `.react-flow__node[data-id="${CSS.escape(id)}"], [data-entry="${CSS.escape(id)}"]`,
      );
      element?.focus({ preventScroll: view === 'canvas' });
    },
    [view, root],
  );

  const closePanel = useCallback(() => {
    setShown(null);
    if (shownId !== null && root.current?.querySelector('aside')?.contains(document.activeElement)) focusBlock(shownId);
  }, [shownId, focusBlock, root]);

  /** Bring a block into sight once it is drawn. */
  const showOnCanvas = useCallback(
    (id: string, position?: Position) => {
      window.requestAnimationFrame(() => {
        const node = getNode(id);
        const at = node?.position ?? position;
        if (!at) return;
        const { width = 264, height = 140 } = node?.measured ?? {};
        void setCenter(at.x + width / 2, at.y + height / 2, { zoom: Math.max(getZoom(), 0.6), duration: 250 });
      });
    },
    [getNode, getZoom, setCenter],
  );

  const jumpTo = useCallback(
    (id: string) => {
      openBlock(id, false);
      showOnCanvas(id);
      window.setTimeout(() => focusBlock(id), 50);
    },
    [openBlock, showOnCanvas, focusBlock],
  );

  const showProblem = useCallback(
    ({ blockId, field }: ShownProblem) => {
      if (blockId === null) setShown({ kind: 'settings' });
      else {
        setSelected(new Set([blockId]));
        setShown({ kind: 'block', id: blockId });
        showOnCanvas(blockId);
      }
      setWanted({ field });
    },
    [showOnCanvas],
  );

  /** A new block on a way; what stands behind it makes room. */
  const addOn = useCallback(
    (from: Block, edge: string, type: BlockType, place: Position | null = null) => {
      const then = byId.get(from.edges[edge] ?? '');
      const wayPlace = waysDrawn(from).findIndex((way) => way.edge === edge);
      const room = then ? makeRoom(definition, from, then) : new Map<string, Position>();
      const moved = moveBlocks(definition, room);
      const wish = then && then.position.x > from.position.x ? then.position : null;
      const position = place ?? (wish ? freePlace(moved, wish) : besideOf(moved, from, wayPlace));
      const made = newBlock(type, position, definition.blocks);
      change((now) => insertOn(moveBlocks(now, room), from.id, edge, made));
      openBlock(made.id, false);
      setWanted({ field: '' });
      showOnCanvas(made.id, position);
    },
    [byId, definition, change, openBlock, showOnCanvas],
  );

  /** A new block behind the chosen one, or in the middle of what is seen. */
  const add = useCallback(
    (type: BlockType) => {
      const [only] = selected;
      const from = selected.size === 1 ? byId.get(only!) : undefined;
      const way = from ? mainWay(from) : null;
      if (from && way !== null && (!from.edges[way] || way !== 'else')) {
        addOn(from, way, type);
        return;
      }
      const area = root.current?.querySelector('.react-flow')?.getBoundingClientRect();
      const middle = area
        ? screenToFlowPosition({ x: area.left + area.width / 2, y: area.top + area.height / 3 })
        : { x: 0, y: 0 };
      const wish = definition.blocks.length === 0 ? { x: 0, y: 0 } : { x: middle.x - 132, y: middle.y - 40 };
      const made = newBlock(type, freePlace(definition, wish), definition.blocks);
      change((now) => addBlock(now, made));
      openBlock(made.id, false);
      setWanted({ field: '' });
      showOnCanvas(made.id, made.position);
    },
    [selected, byId, addOn, screenToFlowPosition, definition, change, openBlock, showOnCanvas, root],
  );

  const drop = useCallback(
    (type: BlockType, position: Position) => {
      const made = newBlock(type, position, definition.blocks);
      change((now) => addBlock(now, made));
      openBlock(made.id, false);
    },
    [definition.blocks, change, openBlock],
  );

  const offer = useCallback(
    (from: string, edge: string, at: Position, place: Position | null) => setOffered({ from, edge, at, place }),
    [],
  );
  const takeOffer = useCallback(
    (type: BlockType) => {
      const from = offered ? byId.get(offered.from) : undefined;
      if (offered && from) addOn(from, offered.edge, type, offered.place);
      setOffered(null);
    },
    [offered, byId, addOn],
  );

  const remove = useCallback(
    (ids: ReadonlySet<string>) => {
      if (ids.size === 0) return;
      change((now) => removeBlocks(now, ids));
      setSelected(NOTHING);
      setShown((now) => (now?.kind === 'block' && ids.has(now.id) ? null : now));
    },
    [change],
  );

  const chosen = useCallback((): ReadonlySet<string> => {
    if (selected.size > 0) return selected;
    const focused = document.activeElement?.closest<HTMLElement>('.react-flow__node')?.dataset.id;
    return focused ? new Set([focused]) : NOTHING;
  }, [selected]);

  const removeChosen = useCallback(() => {
    if (selectedWay !== null) {
      const [from = '', edge = ''] = selectedWay.split('|');
      change((now) => connect(now, from, edge, null));
      setSelectedWay(null);
    } else remove(chosen());
  }, [selectedWay, change, remove, chosen]);

  const paste = useCallback(
    (text: string): boolean => {
      const area = root.current?.querySelector('.react-flow')?.getBoundingClientRect();
      const middle = area
        ? screenToFlowPosition({ x: area.left + area.width / 3, y: area.top + area.height / 3 })
        : { x: 0, y: 0 };
      const pasted = pasteBlocks(definition, text, freePlace(definition, middle));
      if (!pasted) return false;
      change(() => pasted.definition);
      setSelected(new Set(pasted.ids));
      setShown(null);
      return true;
    },
    [change, definition, screenToFlowPosition, root],
  );

  const duplicate = useCallback(
    (ids: ReadonlySet<string>) => {
      const blocks = definition.blocks.filter(({ id }) => ids.has(id));
      if (blocks.length === 0) return;
      const at = {
        x: Math.min(...blocks.map(({ position }) => position.x)) + 40,
        y: Math.max(...blocks.map(({ position }) => position.y)) + 60,
      };
      const pasted = pasteBlocks(definition, copyBlocks(definition, ids), freePlace(definition, at));
      if (!pasted) return;
      change(() => pasted.definition);
      setSelected(new Set(pasted.ids));
      setShown(pasted.ids.length === 1 ? { kind: 'block', id: pasted.ids[0]! } : null);
    },
    [change, definition],
  );

  const tidyUp = useCallback(async () => {
    const { tidy } = await import('./layout');
    const sizes = new Map(
      getNodes().flatMap(({ id, measured }) =>
        measured?.width && measured.height ? [[id, { width: measured.width, height: measured.height }] as const] : [],
      ),
    );
    change((now) => moveBlocks(now, tidy(now, sizes)));
    window.setTimeout(() => void showFlow(sheet, definition.start, root.current?.querySelector('.react-flow')), 60);
  }, [change, getNodes, sheet, definition.start, root]);

  const onUnfold = useCallback((id: string) => setUnfolded((now) => new Set([...now, id])), []);
  const drawing = useMemo(
    (): Drawing => ({
      isReadOnly,
      highlighted: isTrying ? standsAt : null,
      visited: isTrying && path ? new Set(path.map(({ block_id: id }) => id)) : null,
      counts: {},
      problems: problems.byBlock,
      names,
      unfolded,
      onUnfold,
      onAdd: (from, edge, at) => setOffered({ from, edge, at, place: null }),
    }),
    [isReadOnly, isTrying, standsAt, path, problems.byBlock, names, unfolded, onUnfold],
  );
  const errors = useMemo(() => errorsOf(problems.all, shownId), [problems.all, shownId]);
  const builder = useMemo(
    (): Builder => ({
      flowId: flow.id,
      definition,
      isReadOnly,
      change,
      errors,
      references,
      names,
      select: jumpTo,
      addOn,
    }),
    [flow.id, definition, isReadOnly, change, errors, references, names, jumpTo, addOn],
  );

  return {
    editor,
    builder,
    drawing,
    problems,
    selected,
    selectedWay,
    panel,
    view,
    offered,
    wanted,
    select,
    selectWay,
    openBlock,
    closePanel,
    setShown,
    setView,
    path: isTrying ? path : null,
    setPath,
    setStandsAt,
    tryIt: useCallback(async () => {
      await flush().catch(() => undefined);
      setPath(null);
      setStandsAt(null);
      setShown({ kind: 'try' });
    }, [flush]),
    jumpTo,
    showProblem,
    add,
    drop,
    offer,
    takeOffer,
    endOffer: useCallback(() => setOffered(null), []),
    remove,
    removeChosen,
    chosen,
    paste,
    duplicate,
    tidyUp,
    selectAll: useCallback(() => setSelected(new Set(definition.blocks.map(({ id }) => id))), [definition.blocks]),
    makeStart: useCallback((id: string) => change((now) => ({ ...now, start: id })), [change]),
    move: useCallback(
      (places: ReadonlyMap<string, Position>) => change((now) => moveBlocks(now, places), 'move'),
      [change],
    ),
    connect: useCallback(
      (from: string, edge: string, to: string) => change((now) => connect(now, from, edge, to)),
      [change],
    ),
    escape: useCallback(() => {
      if (panel) closePanel();
      else {
        setSelected(NOTHING);
        setSelectedWay(null);
      }
    }, [panel, closePanel]),
    /** A conflict nobody has looked at yet. */
    isConflictNew: editor.theirs !== null && editor.theirs !== seen,
    seeConflict: useCallback(() => setSeen(editor.theirs), [editor.theirs]),
  };
}

export type BuilderState = ReturnType<typeof useBuilderState>;
