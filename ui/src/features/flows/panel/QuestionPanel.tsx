// Settings of a question: what it asks, what kind of answer it takes, and what the answer must be.
import { MultiSelect, NumberInput, Select, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useBuilder } from '../BuilderContext';
import { ANSWER_TYPES, type AnswerType, type Checks, type QuestionBlock } from '../definition';
import { LIMITS } from '../limits';
import { AnswerKey, WrongAnswers } from './AnswerParts';
import { NumberField, PlainInput, TemplateInput } from './fields';
import { OptionsEditor } from './OptionsEditor';
import { Part } from './Part';
import { useBlockEdit } from './useBlockEdit';

const MEDIA = ['image', 'video', 'audio', 'document'] as const;
const MEGABYTE = 1024 * 1024;

export function QuestionPanel({ block }: { block: QuestionBlock }) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  const edit = useBlockEdit<QuestionBlock>(block.id);
  return (
    <>
      <TemplateInput
        path="text"
        label={t('fields.question')}
        value={block.text}
        onChange={(text) => edit({ text }, 'text')}
        limit={LIMITS.text}
        isMultiline
      />
      <div data-path="expects">
        <Select
          label={t('fields.expects')}
          description={t(`answerHints.${block.expects}`)}
          data={ANSWER_TYPES.map((type) => ({ value: type, label: t(`answers.${type}`) }))}
          value={block.expects}
          onChange={(type) => edit({ expects: type as AnswerType })}
          readOnly={isReadOnly}
        />
      </div>
      {block.expects === 'choice' ? (
        <OptionsEditor
          options={block.checks.options}
          onChange={(options, about) => edit({ checks: { ...block.checks, options } }, about)}
        />
      ) : null}
      <AnswerKey block={block} />
      <ChecksPart block={block} onChange={(part, about) => edit({ checks: { ...block.checks, ...part } }, about)} />
      <WrongAnswers block={block} />
    </>
  );
}

interface ChecksProps {
  block: QuestionBlock;
  onChange: (part: Partial<Checks>, about: string) => void;
}

function ChecksPart({ block, onChange }: ChecksProps) {
  const { t } = useTranslation('flows');
  const { isReadOnly, errors } = useBuilder();
  const { checks, expects } = block;
  const hasBounds = expects === 'number' || expects === 'integer' || expects === 'datetime';
  if (!hasBounds && expects !== 'text' && expects !== 'file') return null;
  const isUsed = Object.values(checks).some(
    (value) => value !== '' && value !== null && !(Array.isArray(value) && value.length === 0),
  );
  return (
    <Part title={t('panel.checks')} isFolded={!isUsed}>
      {hasBounds
        ? (['minimum', 'maximum'] as const).map((name) => (
            <TemplateInput
              key={name}
              path={`checks.${name}`}
              label={t(`fields.${expects === 'datetime' ? `${name}Date` : name}`)}
              value={checks[name]}
              onChange={(text) => onChange({ [name]: text }, name)}
            />
          ))
        : null}
      {expects === 'text' ? (
        <>
          {(['min_length', 'max_length'] as const).map((name) => (
            <NumberField
              key={name}
              path={`checks.${name}`}
              label={t(`fields.${name}`)}
              value={checks[name]}
              onChange={(value) => onChange({ [name]: value }, name)}
            />
          ))}
          <PlainInput
            path="checks.pattern"
            label={t('fields.pattern')}
            description={t('fields.patternHint')}
            placeholder="[0-9]{6}"
            value={checks.pattern}
            onChange={(pattern) => onChange({ pattern }, 'pattern')}
            isMono
          />
        </>
      ) : null}
      {expects === 'file' ? (
        <>
          <div data-path="checks.media_types">
            <MultiSelect
              label={t('fields.mediaTypes')}
              description={t('fields.mediaTypesHint')}
              data={MEDIA.map((kind) => ({ value: kind, label: t(`media.${kind}`) }))}
              value={checks.media_types}
              onChange={(kinds) => onChange({ media_types: kinds }, 'media_types')}
              error={errors['checks.media_types']}
              readOnly={isReadOnly}
              withScrollArea={false}
            />
          </div>
          <div data-path="checks.max_bytes">
            <NumberInput
              label={t('fields.maxMegabytes')}
              description={t('fields.maxMegabytesHint')}
              value={checks.max_bytes === null ? '' : checks.max_bytes / MEGABYTE}
              onChange={(value) =>
                onChange({ max_bytes: value === '' ? null : Math.round(Number(value) * MEGABYTE) }, 'max_bytes')
              }
              min={0}
              suffix=" MB"
              error={errors['checks.max_bytes']}
              readOnly={isReadOnly}
            />
          </div>
          <Switch
            label={t('fields.several')}
            description={t('fields.severalHint')}
            checked={checks.several}
            onChange={(event) => onChange({ several: event.currentTarget.checked }, 'several')}
            disabled={isReadOnly}
          />
        </>
      ) : null}
    </Part>
  );
}
