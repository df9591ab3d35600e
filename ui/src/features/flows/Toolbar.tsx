// The head of the builder: the flow's name, whether it is saved, and what can be done with it as a whole.
import { ActionIcon, Anchor, Badge, Button, Menu, SegmentedControl, Title, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import {
  CircleAlert,
  CircleCheck,
  Ellipsis,
  History,
  Keyboard,
  ListTree,
  Play,
  Redo2,
  Search,
  Settings2,
  TriangleAlert,
  Undo2,
  WandSparkles,
  Waypoints,
  type LucideIcon,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import type { Open } from './FlowBuilder';
import { FlowSaveState } from './FlowSaveState';
import { FlowMenuItems } from './FlowMenu';
import classes from './flows.module.css';
import { NameField } from './NameField';
import type { Flow } from './queries';
import type { BuilderState, View } from './useBuilderState';

interface Props {
  flow: Flow;
  state: BuilderState;
  isReadOnly: boolean;
  onOpen: (what: Open) => void;
}

export function Toolbar({ flow, state, isReadOnly, onOpen }: Props) {
  const { t } = useTranslation('flows');
  const mayPublish = useMay('flows:publish');
  const { editor, problems, view, setView, setShown } = state;
  const hasNews = flow.published_version === null || flow.is_changed || editor.status !== 'saved';
  return (
    <div className={classes.toolbar}>
      <div className={classes.toolbarName}>
        <Anchor renderRoot={(props) => <Link to="/flows" {...props} />} size="sm" className={classes.up}>
          {t('list.title')}
        </Anchor>
        <span aria-hidden>/</span>
        {isReadOnly ? (
          <Title order={1} className={classes.title}>
            {flow.name}
          </Title>
        ) : (
          <NameField flow={flow} />
        )}
        <Badge color={flow.published_version === null ? 'gray' : 'jade'} className={classes.versionBadge}>
          {flow.published_version === null ? t('list.draft') : t('list.published', { version: flow.published_version })}
        </Badge>
        {flow.published_problems > 0 ? (
          <Badge color="red" className={classes.versionBadge}>
            {t('list.outdated', { count: flow.published_problems })}
          </Badge>
        ) : null}
      </div>
      <div className={classes.toolbarTools}>
        {isReadOnly ? null : (
          <FlowSaveState
            status={editor.status}
            onRetry={() => void editor.flush().catch(() => undefined)}
            onDecide={() => onOpen('conflict')}
          />
        )}
        {isReadOnly ? null : (
          <>
            <Tool icon={Undo2} label={t('tools.undo')} onClick={editor.undo} isDisabled={!editor.canUndo} />
            <Tool icon={Redo2} label={t('tools.redo')} onClick={editor.redo} isDisabled={!editor.canRedo} />
          </>
        )}
        <SegmentedControl
          size="xs"
          value={view}
          onChange={(value) => setView(value as View)}
          aria-label={t('tools.view')}
          data={[
            { value: 'canvas', label: <Seg icon={Waypoints} text={t('tools.canvas')} /> },
            { value: 'outline', label: <Seg icon={ListTree} text={t('tools.outline')} /> },
          ]}
        />
        <Tool icon={Search} label={t('tools.search')} onClick={() => onOpen('search')} />
        {view === 'canvas' && !isReadOnly ? (
          <Tool icon={WandSparkles} label={t('tools.tidy')} onClick={() => void state.tidyUp()} />
        ) : null}
        <Tool icon={Settings2} label={t('tools.settings')} onClick={() => setShown({ kind: 'settings' })} />
        <Tool icon={History} label={t('tools.versions')} onClick={() => onOpen('versions')} />
        <Button
          variant="default"
          size="xs"
          onClick={() => setShown({ kind: 'problems' })}
          leftSection={
            problems.errors > 0 ? (
              <CircleAlert size={15} aria-hidden color="var(--mantine-color-error)" />
            ) : problems.warnings > 0 ? (
              <TriangleAlert size={15} aria-hidden color="var(--mantine-color-yellow-text)" />
            ) : (
              <CircleCheck size={15} aria-hidden color="var(--mantine-color-jade-text)" />
            )
          }
        >
          {problems.all.length > 0 ? t('problems.count', { count: problems.all.length }) : t('problems.noneShort')}
        </Button>
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon size={30} variant="default" aria-label={t('tools.more')}>
              <Ellipsis size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Keyboard size={16} aria-hidden />} onClick={() => onOpen('shortcuts')}>
              {t('shortcuts.title')}
            </Menu.Item>
            <FlowMenuItems flow={flow} isHere />
          </Menu.Dropdown>
        </Menu>
        {isReadOnly ? null : (
          <Button
            variant="light"
            size="xs"
            leftSection={<Play size={14} aria-hidden />}
            onClick={() => void state.tryIt()}
            disabled={editor.definition.blocks.length === 0}
          >
            {t('tools.tryIt')}
          </Button>
        )}
        {mayPublish ? (
          <Button size="xs" disabled={!hasNews} onClick={() => onOpen('publish')}>
            {t('publish.open')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

interface ToolProps {
  icon: LucideIcon;
  label: string;
  onClick: () => void;
  isDisabled?: boolean;
}

function Tool({ icon: Icon, label, onClick, isDisabled = false }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={30}
        variant="default"
        aria-label={label}
        aria-disabled={isDisabled || undefined}
        className={classes.toolButton}
        onClick={isDisabled ? undefined : onClick}
      >
        <Icon size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

function Seg({ icon: Icon, text }: { icon: LucideIcon; text: string }) {
  return (
    <span className={classes.segment}>
      <Icon size={14} aria-hidden />
      <span className={classes.segmentText}>{text}</span>
    </span>
  );
}
