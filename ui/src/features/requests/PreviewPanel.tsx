// What would be sent, to the letter: sample values above it, what is still wrong with it, and a trial with hostile values.
import { Alert, Button, Group, List, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { CircleAlert, ShieldCheck } from 'lucide-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { sentence } from '../../api/problem';
import type { Input } from '../../api/schema';
import { ErrorPanel } from '../../components/ErrorPanel';
import { HostileValues } from './HostileValues';
import { placeOf } from './placeOf';
import { PreviewText } from './PreviewText';
import type { LivePreview, Values } from './queries';
import classes from './requests.module.css';
import { SampleValues } from './SampleValues';

interface Props {
  integrationId: string;
  inputs: Input[];
  preview: LivePreview;
  values: Values;
  onValues: (values: Values) => void;
}

export const PreviewPanel = memo(function PreviewPanel({ integrationId, inputs, preview, values, onValues }: Props) {
  const { t } = useTranslation('requests');
  const [isTrying, setTrying] = useState(false);
  const { text, request, isCurrent, problems, failure, isBusy, retry } = preview;
  const hasEndpoint = request.endpoint !== '';
  const canTry = inputs.some((input) => input.type === 'string');
  const isStale = text !== null && !isCurrent && (problems.length > 0 || failure !== null);
  return (
    <Paper p="md" className={classes.preview} component="section" aria-label={t('preview.title')} aria-busy={isBusy}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Title order={3}>{t('preview.title')}</Title>
          {isBusy ? <Loader size={14} aria-hidden /> : null}
        </Group>
        <Text size="xs" c="dimmed">
          {t(inputs.length > 0 ? 'preview.about' : 'preview.aboutPlain')}
        </Text>
        {inputs.length > 0 ? (
          <SampleValues inputs={inputs} values={values} onChange={onValues} problems={problems} />
        ) : null}
        {failure ? <ErrorPanel error={failure} title={t('preview.failed')} onRetry={retry} /> : null}
        {text !== null ? (
          <>
            {isStale ? (
              <Text size="xs" c="var(--mantine-color-yellow-text)">
                {t('preview.stale')}
              </Text>
            ) : null}
            <PreviewText text={text} label={t('preview.bytes')} isStale={isStale} />
          </>
        ) : !failure && !hasEndpoint ? (
          <Text size="sm" c="dimmed" className={classes.nothing}>
            {t('preview.nothing')}
          </Text>
        ) : null}
        <div role="status">
          {problems.length > 0 && (hasEndpoint || text !== null) ? (
            <Alert
              color="yellow"
              p="sm"
              icon={<CircleAlert size={18} aria-hidden />}
              title={t('preview.open', { count: problems.length })}
            >
              <List size="xs" spacing={2}>
                {problems.slice(0, 8).map((problem) => (
                  <List.Item key={problem.path + problem.code} className="breaks">
                    <Text span size="xs" fw={600}>
                      {placeOf(problem.path, request, inputs, t)}:
                    </Text>{' '}
                    {sentence(problem.code, problem.message, problem.params)}
                  </List.Item>
                ))}
              </List>
            </Alert>
          ) : null}
        </div>
        {canTry ? (
          <Button
            variant="light"
            size="sm"
            leftSection={<ShieldCheck size={16} aria-hidden />}
            onClick={() => setTrying(true)}
          >
            {t('hostile.try')}
          </Button>
        ) : null}
      </Stack>
      {isTrying ? (
        <HostileValues
          integrationId={integrationId}
          inputs={inputs}
          request={request}
          onClose={() => setTrying(false)}
        />
      ) : null}
    </Paper>
  );
});
