// Choices made of a list that an action brought: which list, and what of each entry is shown and kept.
import { SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { NO_SOURCE } from '../blocks';
import { useBuilder } from '../BuilderContext';
import type { RowSource } from '../definition';
import { PlainInput, TemplateInput } from './fields';
import classes from './panel.module.css';
import { ValuesEditor } from './ValuesEditor';

interface ChoiceProps {
  source: RowSource | null;
  onChange: (source: RowSource | null) => void;
}

export function SourceChoice({ source, onChange }: ChoiceProps) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      value={source ? 'output' : 'fixed'}
      onChange={(value) => onChange(value === 'output' ? NO_SOURCE : null)}
      disabled={isReadOnly}
      aria-label={t('source.where')}
      data={[
        { value: 'fixed', label: t('source.fixed') },
        { value: 'output', label: t('source.output') },
      ]}
    />
  );
}

interface Props {
  source: RowSource;
  onChange: (source: RowSource, about?: string) => void;
}

export function SourceEditor({ source, onChange }: Props) {
  const { t } = useTranslation('flows');
  const { references } = useBuilder();
  const lists = useMemo(
    () => references.map((option) => ({ ...option, isHidden: option.isHidden || option.type !== 'json' })),
    [references],
  );
  const set = (part: Partial<RowSource>, about: string) => onChange({ ...source, ...part }, `source ${about}`);
  const { values } = source;
  return (
    <div className={classes.rows} data-path="source">
      <TemplateInput
        path="source.rows"
        label={t('source.rows')}
        description={t('source.rowsHint')}
        value={source.rows}
        onChange={(rows) => set({ rows }, 'rows')}
        references={lists}
        required
      />
      {(['id', 'title', 'description'] as const).map((name) => (
        <PlainInput
          key={name}
          path={`source.${name}`}
          label={t(`source.${name}`)}
          description={t(`source.${name}Hint`)}
          placeholder={name === 'description' ? '' : name}
          value={source[name]}
          onChange={(text) => set({ [name]: text }, name)}
          isMono
        />
      ))}
      <ValuesEditor
        path="source.values"
        hint={t('source.valuesHint')}
        values={values}
        onChange={(next, about) => onChange({ ...source, values: next }, about)}
      />
    </div>
  );
}
