// What the person hears while a call runs, and what happens when it takes long.
import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useBuilder } from '../BuilderContext';
import type { CustomIntegrationBlock } from '../definition';
import { LIMITS } from '../limits';
import { DurationField, NumberField, TemplateInput } from './fields';
import { Part } from './Part';
import type { Edit } from './useBlockEdit';

interface Props {
  block: CustomIntegrationBlock;
  edit: Edit<CustomIntegrationBlock>;
}

export function CallTiming({ block, edit }: Props) {
  const { t } = useTranslation('flows');
  const { isReadOnly } = useBuilder();
  return (
    <Part title={t('panel.timing')} isFolded={!block.wait_text && block.budget_seconds === null}>
      <TemplateInput
        path="wait_text"
        label={t('fields.waitText')}
        description={t('fields.waitTextHint')}
        value={block.wait_text}
        onChange={(text) => edit({ wait_text: text }, 'wait_text')}
        limit={LIMITS.text}
      />
      {block.wait_text ? (
        <NumberField
          path="wait_after_seconds"
          label={t('fields.waitAfter')}
          value={block.wait_after_seconds}
          onChange={(value) => edit({ wait_after_seconds: value ?? 0 }, 'wait_after_seconds')}
          max={60}
          suffix=" s"
        />
      ) : null}
      <DurationField
        path="budget_seconds"
        label={t('fields.budget')}
        description={t('fields.budgetHint')}
        placeholder={t('fields.asLong')}
        seconds={block.budget_seconds}
        onChange={(seconds) => edit({ budget_seconds: seconds }, 'budget_seconds')}
        isOptional
      />
      {block.budget_seconds === null ? null : (
        <div data-path="on_late">
          <Select
            label={t('fields.onLate')}
            data={(['wait', 'timeout'] as const).map((value) => ({ value, label: t(`onLate.${value}`) }))}
            value={block.on_late}
            onChange={(value) => edit({ on_late: value as 'wait' | 'timeout' })}
            readOnly={isReadOnly}
          />
        </div>
      )}
    </Part>
  );
}
