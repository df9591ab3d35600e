// What came back from an API: status, times, size and body, with the request it answers and why it failed, if it did.
import { Badge, Group, Stack, Tabs, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Candidate, Execution } from '../../api/schema';
import { AttemptsPanel } from '../responses/AttemptsPanel';
import { BodyPanel } from '../responses/BodyPanel';
import { ExplainedError } from '../responses/ExplainedError';
import { HeadersPanel } from '../responses/HeadersPanel';
import { sameKey } from '../responses/keys';
import { bytes, milliseconds } from '../responses/measures';
import { SentPanel } from '../responses/SentPanel';
import { StatusBadge } from '../responses/StatusBadge';
import { TimingBar } from './TimingBar';

interface Props {
  execution: Execution;
  /** A value of the body was chosen. */
  onPick?: (candidate: Candidate) => void;
  /** The keys that are outputs already. */
  picked?: string[];
}

export function ResponseView({ execution, onPick, picked }: Props) {
  const { t } = useTranslation('responses');
  const { response, attempts, timing } = execution;
  const pickedKeys = useMemo(() => new Set((picked ?? []).map(sameKey)), [picked]);
  const shownTiming = attempts.at(-1)?.timing ?? timing;
  return (
    <Stack gap="md">
      <Summary execution={execution} />
      <ExplainedError execution={execution} />
      {shownTiming && attempts.length > 0 ? <TimingBar timing={shownTiming} /> : null}
      <Tabs defaultValue={response ? 'body' : 'sent'} keepMounted={false} key={execution.id}>
        <Tabs.List>
          {response ? <Tabs.Tab value="body">{t('tabs.body')}</Tabs.Tab> : null}
          {response ? (
            <Tabs.Tab value="headers" rightSection={<Count of={response.headers.length} />}>
              {t('tabs.headers')}
            </Tabs.Tab>
          ) : null}
          <Tabs.Tab value="sent">{t('tabs.sent')}</Tabs.Tab>
          {attempts.length > 0 ? (
            <Tabs.Tab value="attempts" rightSection={<Count of={attempts.length} />}>
              {t('tabs.attempts')}
            </Tabs.Tab>
          ) : null}
        </Tabs.List>
        {response ? (
          <>
            <Tabs.Panel value="body" pt="sm">
              <BodyPanel response={response} onPick={onPick} picked={pickedKeys} />
            </Tabs.Panel>
            <Tabs.Panel value="headers" pt="sm">
              <HeadersPanel headers={response.headers} />
            </Tabs.Panel>
          </>
        ) : null}
        <Tabs.Panel value="sent" pt="sm">
          <SentPanel request={execution.request} />
        </Tabs.Panel>
        <Tabs.Panel value="attempts" pt="sm">
          <AttemptsPanel attempts={attempts} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Summary({ execution }: { execution: Execution }) {
  const { t, i18n } = useTranslation('responses');
  const { response, timing, attempts } = execution;
  const language = i18n.resolvedLanguage ?? 'en';
  return (
    <Group gap="md" align="center">
      {response ? (
        <StatusBadge status={response.status} size="lg" />
      ) : (
        <Badge color="gray" size="lg">
          {t(execution.state === 'running' ? 'summary.running' : 'summary.noAnswer')}
        </Badge>
      )}
      {timing && attempts.length > 0 ? (
        <Fact label={t('summary.time')} value={milliseconds(timing.total_ms, language)} />
      ) : null}
      {response ? <Fact label={t('summary.size')} value={bytes(response.size_bytes ?? 0, language)} /> : null}
      {attempts.length > 1 ? <Fact label={t('tabs.attempts')} value={String(attempts.length)} /> : null}
    </Group>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <Text size="sm">
      <Text span c="dimmed">
        {label}
      </Text>{' '}
      <Text span fw={600} className="tabular">
        {value}
      </Text>
    </Text>
  );
}

function Count({ of }: { of: number }) {
  return (
    <Text span size="xs" c="dimmed" className="tabular">
      {of}
    </Text>
  );
}
