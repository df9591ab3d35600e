// The rows of a JSON tree that are in sight; thousands of rows cost no more than a screenful.
import { VisuallyHidden } from '@mantine/core';
import { Check, ChevronDown, ChevronRight } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { countMembers, type JsonNode } from '../responses/json';
import type { Segment } from '../responses/keys';
import classes from './JsonTree.module.css';
import { rowAfter, valueText, type TreeRow } from './JsonTreeRows';

const ROW_HEIGHT = 28;
/** As tall as the style sheet lets the tree become. */
const TALLEST = 440;
const MOST_WHOLE = 500;
const SPARE_ROWS = 20;
const PAGE_ROWS = 15;
const MOST_INDENTED = 12;
const INDENT = 16;
/** A row shows one line; the rest of a long text is in the detail below the tree. */
const MOST_CHARACTERS = 400;

interface Props {
  rows: TreeRow[];
  label: string;
  /** The index of the row that the keyboard is on, or -1. */
  active: number;
  onActivate: (index: number) => void;
  onToggle: (key: string) => void;
  onPick?: (segments: Segment[], node: JsonNode) => void;
  picked: ReadonlySet<string>;
}

export function JsonTreeList({ rows, label, active, onActivate, onToggle, onPick, picked }: Props) {
  const id = useId();
  const tree = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const isWhole = rows.length <= MOST_WHOLE;
  const first = isWhole ? 0 : Math.max(0, Math.floor(top / ROW_HEIGHT) - SPARE_ROWS);
  const last = isWhole ? rows.length : Math.min(rows.length, Math.ceil((top + TALLEST) / ROW_HEIGHT) + SPARE_ROWS);

  useEffect(() => {
    const box = tree.current;
    if (active < 0 || !box) return;
    const begin = active * ROW_HEIGHT;
    if (begin < box.scrollTop) box.scrollTop = begin;
    else if (begin + ROW_HEIGHT > box.scrollTop + box.clientHeight - 12) {
      box.scrollTop = begin + ROW_HEIGHT - box.clientHeight + 12;
    }
  }, [active]);

  function use(row: TreeRow) {
    if (onPick) onPick(row.segments, row.node);
    else if (row.isFolder) onToggle(row.key);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[active];
    const next = nextOf(event.key);
    const isFolding =
      row?.isFolder && ((event.key === 'ArrowRight' && !row.isOpen) || (event.key === 'ArrowLeft' && row.isOpen));
    if (row && (isFolding || (event.key === ' ' && row.isFolder))) onToggle(row.key);
    else if (row && (event.key === 'Enter' || event.key === ' ')) use(row);
    else if (next !== null) onActivate(next);
    else return;
    event.preventDefault();
  }

  function nextOf(pressed: string): number | null {
    if (rows.length === 0) return null;
    if (pressed === 'PageDown') return Math.min(active + PAGE_ROWS, rows.length - 1);
    if (pressed === 'PageUp') return Math.max(active - PAGE_ROWS, 0);
    return rowAfter(rows, active, pressed);
  }

  return (
    <div
      ref={tree}
      role="tree"
      aria-label={label}
      aria-activedescendant={active >= first && active < last ? `${id}-${active}` : undefined}
      tabIndex={0}
      className={classes.tree}
      hidden={rows.length === 0}
      onKeyDown={onKeyDown}
      onFocus={() => {
        if (active < 0 && rows.length > 0) onActivate(0);
      }}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <div role="none" className={classes.window} style={{ height: rows.length * ROW_HEIGHT }}>
        {rows.slice(first, last).map((row, offset) => {
          const index = first + offset;
          return (
            <Row
              key={row.key}
              id={`${id}-${index}`}
              row={row}
              top={index * ROW_HEIGHT}
              isActive={index === active}
              isPicked={picked.has(row.key)}
              onClick={() => {
                onActivate(index);
                if (row.isFolder) onToggle(row.key);
                else if (onPick) onPick(row.segments, row.node);
              }}
              onUse={onPick ? () => use(row) : undefined}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  id: string;
  row: TreeRow;
  top: number;
  isActive: boolean;
  isPicked: boolean;
  onClick: () => void;
  onUse?: () => void;
}

function Row({ id, row, top, isActive, isPicked, onClick, onUse }: RowProps) {
  const { t } = useTranslation('responses');
  const name = row.segments.at(-1);
  const names = [classes.row, isActive ? classes.active : '', row.isMatch ? classes.match : ''];
  const count = countMembers(row.node);
  const Fold = row.isOpen ? ChevronDown : ChevronRight;
  return (
    // The tree itself handles the keyboard.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.size}
      aria-expanded={row.isFolder ? row.isOpen : undefined}
      aria-selected={isActive}
      title={row.key}
      className={names.join(' ')}
      style={{ top, paddingInlineStart: 8 + Math.min(row.level - 1, MOST_INDENTED) * INDENT }}
      onClick={onClick}
    >
      <span className={classes.fold} aria-hidden>
        {row.isFolder ? <Fold size={16} /> : null}
      </span>
      <span className={classes.name}>
        {name ?? t('tree.root')}
        <span className={classes.colon}>:</span>
      </span>
      <span className={`${classes.value} ${classes[row.node.kind] ?? classes.count}`}>{shown(row.node)}</span>
      {count !== null && count > 0 ? (
        <VisuallyHidden>{t(row.node.kind === 'list' ? 'tree.items' : 'tree.members', { count })}</VisuallyHidden>
      ) : null}
      {isPicked ? (
        <span className={classes.picked}>
          <Check size={14} aria-hidden /> {t('tree.isOutput')}
        </span>
      ) : null}
      {onUse && !isPicked && row.isFolder ? (
        <button
          type="button"
          tabIndex={-1}
          className={classes.use}
          onClick={(event) => {
            event.stopPropagation();
            onUse();
          }}
        >
          {t('tree.useWhole')}
        </button>
      ) : null}
    </div>
  );
}

function shown(node: JsonNode): string {
  if (node.kind === 'object') return node.members.length > 0 ? `{ ${node.members.length} }` : '{ }';
  if (node.kind === 'list') return node.items.length > 0 ? `[ ${node.items.length} ]` : '[ ]';
  const text = valueText(node);
  const line = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return node.kind === 'string' ? `"${line.replaceAll('\n', '⏎')}"` : line;
}
