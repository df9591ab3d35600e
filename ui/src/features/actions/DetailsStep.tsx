// The first step: what the action is called, what it does, and whether it handles personal data.
import { Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { StepProps } from './stepProps';

export function DetailsStep({ editor, isReadOnly }: StepProps) {
  const { t } = useTranslation('actions');
  const { draft, edit, errors } = editor;
  return (
    <Stack gap="md" maw={640}>
      <TextInput
        label={t('details.name')}
        description={t('details.nameHint')}
        placeholder={t('details.namePlaceholder')}
        value={draft.name}
        onChange={({ currentTarget: { value } }) => edit(() => ({ name: value }))}
        error={errors.name}
        maxLength={200}
        required
        readOnly={isReadOnly}
        autoComplete="off"
      />
      <Textarea
        label={t('details.description')}
        description={t('details.descriptionHint')}
        placeholder={t('details.descriptionPlaceholder')}
        value={draft.description}
        onChange={({ currentTarget: { value } }) => edit(() => ({ description: value }))}
        error={errors.description}
        maxLength={2000}
        readOnly={isReadOnly}
      />
      <Switch
        label={t('details.private')}
        description={t('details.privateHint')}
        checked={draft.is_private}
        disabled={isReadOnly}
        onChange={({ currentTarget: { checked } }) => edit(() => ({ is_private: checked }))}
        error={errors.is_private}
      />
    </Stack>
  );
}
