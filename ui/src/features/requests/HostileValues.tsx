// What nasty values do to the request: each is shown as it would be sent, or with the reason why it is not.
import { Accordion, Badge, Code, Drawer, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ShieldCheck, ShieldX } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { sentence } from '../../api/problem';
import type { HostileCase, Input } from '../../api/schema';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Loading } from '../../components/Loading';
import { differences } from './differences';
import { PreviewText } from './PreviewText';
import { hostileQuery, useOnePreview } from './queries';
import type { FullRequest } from './request';
import { SANE } from './samples';

interface Props {
  integrationId: string;
  inputs: Input[];
  request: FullRequest;
  onClose: () => void;
}

type Shown = 'all' | 'sent' | 'refused';

export function HostileValues({ integrationId, inputs, request, onClose }: Props) {
  const { t } = useTranslation('requests');
  const [shown, setShown] = useState<Shown>('all');
  const [open, setOpen] = useState<string | null>(null);
  const query = useQuery(hostileQuery(integrationId, { inputs, request }));
  const normal = useOnePreview(
    integrationId,
    useMemo(() => ({ inputs, request, values: saneValues(inputs) }), [inputs, request]),
    true,
  );
  const cases = query.data?.cases ?? [];
  const count = {
    all: cases.length,
    sent: cases.filter((each) => !each.is_refused).length,
    refused: cases.filter((each) => each.is_refused).length,
  };
  const visible = cases.filter((each) => shown === 'all' || each.is_refused === (shown === 'refused'));
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="xl"
      title={t('hostile.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('hostile.about')}</Text>
        {query.isPending ? <Loading rows={6} height={38} /> : null}
        {query.error ? (
          <ErrorPanel error={query.error} title={t('hostile.failed')} onRetry={() => void query.refetch()} />
        ) : null}
        {query.data ? (
          <>
            <Text size="sm" fw={600} role="status">
              {t('hostile.summary', { sent: count.sent, refused: count.refused })}
            </Text>
            <SegmentedControl
              size="xs"
              aria-label={t('hostile.show')}
              value={shown}
              onChange={(next) => setShown(next as Shown)}
              data={(['all', 'sent', 'refused'] as const).map((each) => ({
                value: each,
                label: `${t(`hostile.shown.${each}`)} (${count[each]})`,
              }))}
            />
            <Accordion variant="contained" chevronPosition="left" order={3} value={open} onChange={setOpen}>
              {visible.map((each) => (
                <Case key={each.name} one={each} normal={normal.data?.request ?? null} isOpen={each.name === open} />
              ))}
            </Accordion>
          </>
        ) : null}
      </Stack>
    </Drawer>
  );
}

function saneValues(inputs: Input[]): Record<string, unknown> {
  return Object.fromEntries(inputs.map((input) => [input.key, SANE[input.type]]));
}

function Case({ one, normal, isOpen }: { one: HostileCase; normal: string | null; isOpen: boolean }) {
  const { t } = useTranslation('requests');
  return (
    <Accordion.Item value={one.name}>
      <Accordion.Control>
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Text span size="sm" fw={550}>
            {t(`hostile.cases.${one.name}`, { defaultValue: one.name.replaceAll('_', ' ') })}
          </Text>
          {one.is_refused ? (
            <Badge color="violet" leftSection={<ShieldX size={13} aria-hidden />} flex="none">
              {t('hostile.refused')}
            </Badge>
          ) : (
            <Badge color="jade" leftSection={<ShieldCheck size={13} aria-hidden />} flex="none">
              {t('hostile.sent')}
            </Badge>
          )}
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        {isOpen ? (
          <Stack gap="xs">
            <Text size="xs" c="dimmed">
              {t('hostile.value')}
            </Text>
            <Code block className="breaks">
              {one.value === '' ? t('hostile.empty') : one.value}
            </Code>
            {one.error ? (
              <Text size="sm">
                {t('hostile.why')} {sentence(one.error.code, one.error.message, one.error.params)}
              </Text>
            ) : null}
            {one.request ? <Made request={one.request} normal={normal} /> : null}
          </Stack>
        ) : null}
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function Made({ request, normal }: { request: string; normal: string | null }) {
  const { t } = useTranslation('requests');
  const text = request.replaceAll('\r\n', '\n');
  const pieces = useMemo(
    () => (normal === null ? undefined : differences(normal.replaceAll('\r\n', '\n'), text)),
    [normal, text],
  );
  return (
    <>
      <Text size="xs" c="dimmed">
        {t(pieces ? 'hostile.madeMarked' : 'hostile.made')}
      </Text>
      <PreviewText text={text} label={t('hostile.bytes')} pieces={pieces} maxHeight={320} />
    </>
  );
}
