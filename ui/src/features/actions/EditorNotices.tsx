// What stands above a step: a draft that was found again, changes made elsewhere, and what could not be saved.
import { Alert, Anchor, Button, List, Stack, Text } from '@mantine/core';
import { History, TriangleAlert, Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { ErrorPanel } from '../../components/ErrorPanel';
import type { ActionStep } from '../../routes/integrations';
import { STEP_OF, stepOf } from './draft';
import type { ActionEditorState } from './useActionEditor';

interface Props {
  editor: ActionEditorState;
  step: ActionStep;
  onStep: (step: ActionStep) => void;
}

export function EditorNotices({ editor, step, onStep }: Props) {
  const { t } = useTranslation('actions');
  const { problem, errors, conflicts, isRestored, discard } = editor;
  const elsewhere = Object.entries(errors).filter(([path]) => stepOf(path) !== null && stepOf(path) !== step);
  const isPlaced = problem?.status === 422 && problem.fields.some(({ path }) => stepOf(path) !== null);
  const parts = [...new Set(conflicts.map((part) => t(`steps.${STEP_OF[part]}`)))].join(', ');
  if (!isRestored && conflicts.length === 0 && elsewhere.length === 0 && !problem) return null;
  return (
    <Stack gap="sm" mb="lg">
      {conflicts.length > 0 ? (
        <Alert color="yellow" icon={<Users size={18} aria-hidden />} title={t('conflict.title')} role="alert">
          <Text size="sm">{t('conflict.text', { parts })}</Text>
          <Button size="xs" variant="default" mt="xs" onClick={discard}>
            {t('conflict.takeTheirs')}
          </Button>
        </Alert>
      ) : null}
      {isRestored && conflicts.length === 0 ? (
        <Alert color="gray" icon={<History size={18} aria-hidden />} title={t('common:draftKept')} role="status">
          <Text size="sm">{t('editor.restored')}</Text>
          <Button size="xs" variant="default" mt="xs" onClick={discard}>
            {t('common:discard')}
          </Button>
        </Alert>
      ) : null}
      {problem && !isPlaced ? <ErrorPanel error={problem} title={t('save.failed')} /> : null}
      {problem && isPlaced && elsewhere.length < Object.keys(errors).length ? (
        <Alert color="red" icon={<TriangleAlert size={18} aria-hidden />} title={t('save.failed')} role="alert">
          <Text size="sm">{t('save.correct')}</Text>
        </Alert>
      ) : null}
      {elsewhere.length > 0 ? (
        <Alert color="red" icon={<TriangleAlert size={18} aria-hidden />} title={t('save.elsewhere')} role="alert">
          <List size="sm">
            {elsewhere.map(([path, sentence]) => {
              const place = stepOf(path)!;
              return (
                <List.Item key={path} className="breaks">
                  <Anchor component="button" type="button" size="sm" underline="always" onClick={() => onStep(place)}>
                    {t(`steps.${place}`)}
                  </Anchor>
                  {': '}
                  {sentence}
                </List.Item>
              );
            })}
          </List>
        </Alert>
      ) : null}
    </Stack>
  );
}
