// The right side of the builder: settings of the chosen block, of the flow, or what is wrong with it.
import { ActionIcon, Menu, Text, TextInput, Title } from '@mantine/core';
import { CopyPlus, Ellipsis, Flag, Trash2, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { BlockIcon } from '../BlockIcon';
import { useBuilder } from '../BuilderContext';
import type { Block } from '../definition';
import { ProblemList } from '../ProblemList';
import { nearestFields, type ShownProblem } from '../problems';
import type { Shown, Wanted } from '../useBuilderState';
import type { Problems } from '../useProblems';
import { ButtonsPanel } from './ButtonsPanel';
import { CallFlowPanel } from './CallFlowPanel';
import { ConditionPanel } from './ConditionPanel';
import { FormPanel } from './FormPanel';
import { IntegrationPanel } from './IntegrationPanel';
import { ListPanel } from './ListPanel';
import { MessagePanel } from './MessagePanel';
import classes from './panel.module.css';
import { QuestionPanel } from './QuestionPanel';
import { SettingsPanel } from './SettingsPanel';
import { EndPanel, HandOverPanel, JumpPanel, SetVariablePanel, WaitPanel } from './SmallPanels';
import { useBlockEdit } from './useBlockEdit';
import { WaysPart } from './WaysPart';

interface Props {
  shown: Shown;
  problems: Problems;
  wanted: Wanted | null;
  onPick: (problem: ShownProblem) => void;
  onClose: () => void;
  onRemove: (ids: ReadonlySet<string>) => void;
  onDuplicate: (ids: ReadonlySet<string>) => void;
  onStart: (id: string) => void;
}

const TRIES = 30;
const FOCUSABLE = '.cm-content, input:not([type=hidden]), textarea, select, button';

/** Bring a field into sight and into focus, once it is drawn. */
function useWantedField(wanted: Wanted | null) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!wanted) return undefined;
    let tries = 0;
    let frame = 0;
    const seek = () => {
      const place = nearestFields(wanted.field)
        .map((field) => box.current?.querySelector(`[data-path="${CSS.escape(field)}"]`))
        .find(Boolean);
      const found = (place ?? box.current?.querySelector('[data-fields]'))?.querySelector<HTMLElement>(FOCUSABLE);
      if (found) {
        found.focus({ preventScroll: true });
        if (place) place.scrollIntoView({ block: 'center' });
      }
      tries += 1;
      // Text fields are loaded late, and what is folded away must be unfolded first.
      if ((!found || !found.matches('.cm-content, input, textarea')) && tries < TRIES)
        frame = window.requestAnimationFrame(seek);
    };
    frame = window.requestAnimationFrame(seek);
    return () => window.cancelAnimationFrame(frame);
  }, [wanted]);
  return box;
}

export function Panel({ shown, problems, wanted, onPick, onClose, onRemove, onDuplicate, onStart }: Props) {
  const { t } = useTranslation('flows');
  const { definition, names } = useBuilder();
  const box = useWantedField(wanted);
  const block = shown.kind === 'block' ? definition.blocks.find(({ id }) => id === shown.id) : undefined;
  const close = (
    <ActionIcon size={32} onClick={onClose} aria-label={t('panel.close')}>
      <X size={18} aria-hidden />
    </ActionIcon>
  );
  return (
    <div className={classes.panel} ref={box}>
      {block ? (
        <>
          <header className={classes.head}>
            <BlockIcon type={block.type} size={32} />
            <Title order={2} className={classes.title}>
              {t(`types.${block.type}`)}
            </Title>
            <BlockMenu block={block} onRemove={onRemove} onDuplicate={onDuplicate} onStart={onStart} />
            {close}
          </header>
          <div className={classes.fields}>
            <BlockProblems problems={problems} blockId={block.id} />
            <div data-fields className={classes.stack}>
              <Settings block={block} />
            </div>
            <WaysPart block={block} />
            <NameOf block={block} />
          </div>
        </>
      ) : (
        <>
          <header className={classes.head}>
            <Title order={2} className={classes.title}>
              {t(shown.kind === 'settings' ? 'settings.title' : 'problems.title')}
            </Title>
            {close}
          </header>
          <div className={classes.fields} data-fields>
            {shown.kind === 'settings' ? (
              <SettingsPanel />
            ) : (
              <ProblemList problems={problems.all} names={names} onPick={onPick} />
            )}
          </div>
        </>
      )}
    </div>
  );
}

function Settings({ block }: { block: Block }) {
  switch (block.type) {
    case 'message':
      return <MessagePanel block={block} />;
    case 'question':
      return <QuestionPanel block={block} />;
    case 'buttons':
      return <ButtonsPanel block={block} />;
    case 'list':
      return <ListPanel block={block} />;
    case 'form':
      return <FormPanel block={block} />;
    case 'condition':
      return <ConditionPanel block={block} />;
    case 'set_variable':
      return <SetVariablePanel block={block} />;
    case 'custom_integration':
      return <IntegrationPanel block={block} />;
    case 'wait':
      return <WaitPanel block={block} />;
    case 'jump':
      return <JumpPanel block={block} />;
    case 'call_flow':
      return <CallFlowPanel block={block} />;
    case 'hand_over':
      return <HandOverPanel block={block} />;
    case 'end':
      return <EndPanel block={block} />;
  }
}

/** What is wrong with this block. */
function BlockProblems({ problems, blockId }: { problems: Problems; blockId: string }) {
  const here = problems.all.filter((problem) => problem.blockId === blockId);
  if (here.length === 0) return null;
  return (
    <ul className={classes.here}>
      {here.map((problem) => (
        <li key={problem.field + problem.text} data-warning={!problem.isError || undefined}>
          <Text size="xs" className="breaks">
            {problem.text}
          </Text>
        </li>
      ))}
    </ul>
  );
}

function NameOf({ block }: { block: Block }) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  const edit = useBlockEdit<Block>(block.id);
  return (
    <div data-path="name" className={classes.part}>
      <TextInput
        label={t('fields.blockName')}
        description={t('fields.blockNameHint')}
        value={block.name}
        maxLength={100}
        onChange={(event) => edit({ name: event.currentTarget.value }, 'name')}
        readOnly={isReadOnly}
      />
    </div>
  );
}

interface MenuProps {
  block: Block;
  onRemove: (ids: ReadonlySet<string>) => void;
  onDuplicate: (ids: ReadonlySet<string>) => void;
  onStart: (id: string) => void;
}

function BlockMenu({ block, onRemove, onDuplicate, onStart }: MenuProps) {
  const { t } = useTranslation('flows');
  const { isReadOnly, definition } = useBuilder();
  if (isReadOnly) return null;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon size={32} aria-label={t('panel.menu')}>
          <Ellipsis size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {definition.start === block.id ? null : (
          <Menu.Item leftSection={<Flag size={16} aria-hidden />} onClick={() => onStart(block.id)}>
            {t('panel.makeStart')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<CopyPlus size={16} aria-hidden />} onClick={() => onDuplicate(new Set([block.id]))}>
          {t('panel.duplicate')}
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<Trash2 size={16} aria-hidden />}
          onClick={() => onRemove(new Set([block.id]))}
        >
          {t('panel.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
