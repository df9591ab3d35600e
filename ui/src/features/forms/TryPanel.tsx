// Plays the phone: asks the form's endpoint as WhatsApp would, encrypted and signed, and shows what it would show.
import { Alert, Anchor, Button, Group, Select, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { CodeBlock } from '../../components/CodeBlock';
import { ErrorPanel } from '../../components/ErrorPanel';
import { AskSelect } from './AskSelect';
import { readJson, type Ask } from './form';
import { useForm } from './FormContext';
import { tryForm, type Tried } from './queries';

interface Props {
  formId: string;
  isDirty: boolean;
}

export function TryPanel({ formId, isDirty }: Props) {
  const { t } = useTranslation('forms');
  const { screens } = useForm();
  const [action, setAction] = useState<Ask>('INIT');
  const [screen, setScreen] = useState('');
  const [given, setGiven] = useState('');
  const [typed, setTyped] = useState('');
  const trying = useMutation({
    mutationFn: () =>
      tryForm(formId, { action, screen, data: readJson(typed) ?? {}, given: readJson(given) ?? {}, token: '' }),
  });
  const isWrong = { typed: readJson(typed) === null, given: readJson(given) === null };
  return (
    <Stack gap="md">
      <Group gap="sm" align="flex-start">
        <AskSelect value={action} onChange={setAction} />
        {action === 'INIT' ? null : (
          <Select
            label={t('handler.screen')}
            data={screens.map(({ id, title }) => ({ value: id, label: title ? `${title} (${id})` : id }))}
            value={screen || null}
            onChange={(id) => setScreen(id ?? '')}
            allowDeselect={false}
            w={{ base: '100%', xs: 260 }}
          />
        )}
      </Group>
      <Group gap="sm" align="flex-start" grow preventGrowOverflow={false}>
        {[
          { key: 'typed', value: typed, set: setTyped, hint: '{"day": "2026-12-01"}' },
          { key: 'given', value: given, set: setGiven, hint: '{"customer": "42"}' },
        ].map(({ key, value, set, hint }) => (
          <Textarea
            key={key}
            label={t(`try.${key}`)}
            placeholder={hint}
            value={value}
            onChange={(event) => set(event.currentTarget.value)}
            error={isWrong[key as keyof typeof isWrong] ? t('json.wrong') : undefined}
            autosize
            minRows={2}
            maxRows={10}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
            miw={240}
          />
        ))}
      </Group>
      <Group gap="sm">
        <Button
          leftSection={<Play size={16} aria-hidden />}
          loading={trying.isPending}
          disabled={isDirty || isWrong.typed || isWrong.given || (action !== 'INIT' && screen === '')}
          onClick={() => trying.mutate()}
        >
          {t('try.run')}
        </Button>
        <Text size="sm" c="dimmed">
          {t(isDirty ? 'try.saveFirst' : 'try.runs')}
        </Text>
      </Group>
      {trying.error ? <ErrorPanel error={trying.error} /> : null}
      {trying.data ? <Answer tried={trying.data} /> : null}
    </Stack>
  );
}

function Answer({ tried }: { tried: Tried }) {
  const { t } = useTranslation('forms');
  return (
    <Stack gap="sm" role="status">
      <Group gap="md">
        <Text size="sm" className="tabular">
          {t('try.answered', { status: tried.status, milliseconds: tried.milliseconds })}
        </Text>
        {tried.outcome ? <Text size="sm">{t(`common:outcomes.${tried.outcome}`)}</Text> : null}
        {tried.execution_id ? (
          <Anchor
            size="sm"
            renderRoot={(props) => (
              <Link to="/executions/$executionId" params={{ executionId: tried.execution_id ?? '' }} {...props} />
            )}
          >
            {t('try.execution')}
          </Anchor>
        ) : null}
      </Group>
      {tried.problem ? (
        <Alert color="yellow" role="note">
          {tried.problem}
        </Alert>
      ) : null}
      {tried.answer ? <CodeBlock text={JSON.stringify(tried.answer, null, 2)} label={t('try.answer')} /> : null}
    </Stack>
  );
}
