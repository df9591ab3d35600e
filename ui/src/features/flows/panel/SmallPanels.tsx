// Settings of the blocks that have few: variables, waiting, jumps, handing over and ends.
import { SegmentedControl, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useBuilder } from '../BuilderContext';
import type { EndBlock, HandOverBlock, JumpBlock, SetVariableBlock, WaitBlock } from '../definition';
import { inOrder } from '../edges';
import { LIMITS } from '../limits';
import { DurationField, TemplateInput } from './fields';
import { useBlockEdit } from './useBlockEdit';
import { NewVariable } from './Variables';
import { numbered } from './WaysPart';

export function SetVariablePanel({ block }: { block: SetVariableBlock }) {
  const { t } = useTranslation('flows');
  const { definition, isReadOnly, errors } = useBuilder();
  const edit = useBlockEdit<SetVariableBlock>(block.id);
  return (
    <>
      <div data-path="variable">
        <Select
          label={t('fields.variable')}
          placeholder={t('fields.choose')}
          data={definition.variables.map(({ key, name }) => ({ value: key, label: name || key }))}
          value={block.variable || null}
          onChange={(variable) => edit({ variable: variable ?? '' })}
          error={errors.variable}
          nothingFoundMessage={t('fields.noVariables')}
          readOnly={isReadOnly}
        />
      </div>
      {isReadOnly ? null : <NewVariable onMade={(variable) => edit({ variable })} />}
      <TemplateInput
        path="value"
        label={t('fields.value')}
        description={t('fields.valueHint')}
        value={block.value}
        onChange={(value) => edit({ value }, 'value')}
      />
    </>
  );
}

export function WaitPanel({ block }: { block: WaitBlock }) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  const edit = useBlockEdit<WaitBlock>(block.id);
  const isUntil = block.seconds === null;
  return (
    <>
      <SegmentedControl
        fullWidth
        size="xs"
        value={isUntil ? 'until' : 'for'}
        onChange={(value) => edit(value === 'until' ? { seconds: null } : { seconds: 5, until: '' })}
        disabled={isReadOnly}
        aria-label={t('fields.waitKind')}
        data={[
          { value: 'for', label: t('fields.waitFor') },
          { value: 'until', label: t('fields.waitUntil') },
        ]}
      />
      {isUntil ? (
        <TemplateInput
          path="until"
          label={t('fields.until')}
          description={t('fields.untilHint')}
          value={block.until}
          onChange={(until) => edit({ until }, 'until')}
        />
      ) : (
        <DurationField
          path="seconds"
          label={t('fields.seconds')}
          seconds={block.seconds}
          onChange={(seconds) => edit({ seconds: seconds ?? 0 }, 'seconds')}
        />
      )}
    </>
  );
}

export function JumpPanel({ block }: { block: JumpBlock }) {
  const { t } = useTranslation('flows');
  const { definition, isReadOnly, errors, names } = useBuilder();
  const edit = useBlockEdit<JumpBlock>(block.id);
  const blocks = inOrder(definition)
    .filter(({ block: { id } }) => id !== block.id)
    .map(({ block: { id } }) => ({ value: id, label: names.get(id) ?? id }));
  return (
    <div data-path="block">
      <Select
        label={t('fields.jumpTo')}
        description={t('fields.jumpHint')}
        placeholder={t('fields.choose')}
        data={numbered(blocks)}
        value={block.block || null}
        onChange={(id) => edit({ block: id ?? '' })}
        error={errors.block}
        searchable
        readOnly={isReadOnly}
      />
    </div>
  );
}

export function HandOverPanel({ block }: { block: HandOverBlock }) {
  const { t } = useTranslation('flows');
  const edit = useBlockEdit<HandOverBlock>(block.id);
  return (
    <>
      <TemplateInput
        path="text"
        label={t('fields.handOverText')}
        value={block.text}
        onChange={(text) => edit({ text }, 'text')}
        limit={LIMITS.text}
        isMultiline
      />
      <TemplateInput
        path="note"
        label={t('fields.note')}
        description={t('fields.noteHint')}
        value={block.note}
        onChange={(note) => edit({ note }, 'note')}
        isMultiline
      />
      <DurationField
        path="timeout_seconds"
        label={t('fields.handOverTimeout')}
        placeholder={t('fields.asLong')}
        seconds={block.timeout_seconds}
        onChange={(seconds) => edit({ timeout_seconds: seconds }, 'timeout_seconds')}
        isOptional
      />
    </>
  );
}

export function EndPanel({ block }: { block: EndBlock }) {
  const { t } = useTranslation('flows');
  const edit = useBlockEdit<EndBlock>(block.id);
  return (
    <TemplateInput
      path="text"
      label={t('fields.goodbye')}
      description={t('fields.goodbyeHint')}
      value={block.text}
      onChange={(text) => edit({ text }, 'text')}
      limit={LIMITS.text}
      isMultiline
    />
  );
}
