// A JSON value as a tree to look through by mouse and keyboard, and to pick values from (WAI-ARIA tree pattern).
import { ActionIcon, Button, Group, Switch, Text, TextInput, Tooltip } from '@mantine/core';
import { ChevronsDownUp, ChevronsUpDown, Search } from 'lucide-react';
import { useDeferredValue, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { JsonNode } from '../responses/json';
import type { Segment } from '../responses/keys';
import classes from './JsonTree.module.css';
import { JsonTreeDetail } from './JsonTreeDetail';
import { JsonTreeList } from './JsonTreeList';
import { firstLevels, rowsOf, type Toggled } from './JsonTreeRows';

interface Props {
  root: JsonNode;
  /** What this is, for people who cannot see it. */
  label: string;
  onPick?: (segments: Segment[], node: JsonNode) => void;
  /** The keys of values that are picked already, as `writeKey` writes them. */
  picked?: ReadonlySet<string>;
  /** Beside the search. */
  tools?: ReactNode;
}

const NOTHING: Toggled = new Set();

export function JsonTree({ root, label, onPick, picked = NOTHING, tools }: Props) {
  const { t } = useTranslation('responses');
  const [levels, setLevels] = useState(() => firstLevels(root));
  const [toggled, setToggled] = useState<Toggled>(NOTHING);
  const [typed, setTyped] = useState('');
  const [isFiltered, setFiltered] = useState(false);
  const [active, setActive] = useState<string | null>(null);
  const search = useDeferredValue(typed.trim().toLowerCase());
  const rows = useMemo(
    () => rowsOf({ root, toggled, openLevels: levels, search, isFiltered }),
    [root, toggled, levels, search, isFiltered],
  );
  const matches = useMemo(() => rows.flatMap((row, index) => (row.isMatch ? [index] : [])), [rows]);
  const activeIndex = rows.findIndex(({ key }) => key === active);

  function foldAll(openLevels: number) {
    setToggled(NOTHING);
    setLevels(openLevels);
  }

  function toggle(key: string) {
    setToggled((before) => new Set(before.has(key) ? [...before].filter((each) => each !== key) : [...before, key]));
  }

  /** Enter goes from one find to the next, with Shift to the one before. */
  function onSearchKey(event: KeyboardEvent) {
    if (event.key !== 'Enter' || matches.length === 0) return;
    event.preventDefault();
    const next = event.shiftKey
      ? (matches.findLast((index) => index < activeIndex) ?? matches.at(-1)!)
      : (matches.find((index) => index > activeIndex) ?? matches[0]!);
    setActive(rows[next]!.key);
  }

  return (
    <div>
      <Group gap="xs" mb="xs" align="center">
        <TextInput
          type="search"
          size="xs"
          aria-label={t('tree.search')}
          placeholder={t('tree.search')}
          leftSection={<Search size={14} aria-hidden />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setToggled(NOTHING);
          }}
          onKeyDown={onSearchKey}
          style={{ flex: '1 1 160px' }}
        />
        <Text size="xs" c="dimmed" role="status" className="tabular">
          {search ? t('tree.found', { count: matches.length }) : ''}
        </Text>
        {search ? (
          <Switch
            size="xs"
            label={t('tree.filter')}
            checked={isFiltered}
            onChange={(event) => setFiltered(event.currentTarget.checked)}
          />
        ) : null}
        <Tooltip label={t('tree.foldAll')}>
          <ActionIcon aria-label={t('tree.foldAll')} onClick={() => foldAll(1)}>
            <ChevronsDownUp size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('tree.unfoldAll')}>
          <ActionIcon aria-label={t('tree.unfoldAll')} onClick={() => foldAll(Number.POSITIVE_INFINITY)}>
            <ChevronsUpDown size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
        {tools}
      </Group>
      <div className={classes.frame}>
        <JsonTreeList
          rows={rows}
          label={label}
          active={activeIndex}
          onActivate={(index) => setActive(rows[index]!.key)}
          onToggle={toggle}
          onPick={onPick}
          picked={picked}
        />
        {rows.length === 0 ? (
          <Group p="sm" gap="xs">
            <Text size="sm" c="dimmed">
              {t('tree.nothing', { search: typed.trim() })}
            </Text>
            <Button size="compact-xs" variant="default" onClick={() => setTyped('')}>
              {t('tree.clear')}
            </Button>
          </Group>
        ) : null}
        {rows[activeIndex] ? <JsonTreeDetail row={rows[activeIndex]} onPick={onPick} picked={picked} /> : null}
      </div>
      {onPick ? (
        <Text size="xs" c="dimmed" mt={6}>
          {t('tree.keys')}
        </Text>
      ) : null}
    </div>
  );
}
