// What the last check found, thing by thing, and the button that looks again.
import { Button, Group, Stack, Text, ThemeIcon } from '@mantine/core';
import { Check, CircleHelp, Stethoscope, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Channel, ChannelCheck } from '../../api/schema';
import { ErrorPanel } from '../../components/ErrorPanel';
import { When } from '../../components/When';
import { isSubscriptionMissing } from './channel';
import { useCheckChannel } from './queries';

const SIGNS = {
  ok: { color: 'jade', icon: Check },
  failed: { color: 'red', icon: X },
  unknown: { color: 'gray', icon: CircleHelp },
};

interface Props {
  channel: Channel;
  isReadOnly: boolean;
}

export function HealthPanel({ channel, isReadOnly }: Props) {
  const { t } = useTranslation('channels');
  const checking = useCheckChannel(channel.id);
  const { health } = channel;
  const number = health?.phone_number;
  const rating = number?.quality_rating;
  return (
    <Stack gap="md">
      <Group gap="sm">
        {isReadOnly ? null : (
          <Button
            leftSection={<Stethoscope size={16} aria-hidden />}
            loading={checking.isPending}
            onClick={() => checking.mutate(false)}
          >
            {t(health ? 'health.again' : 'health.check')}
          </Button>
        )}
        {health && isSubscriptionMissing(health.checks) && !isReadOnly ? (
          <Button variant="default" loading={checking.isPending} onClick={() => checking.mutate(true)}>
            {t('health.subscribe')}
          </Button>
        ) : null}
        <Text size="sm" c="dimmed" role="status">
          {health ? (
            <>
              {t(health.is_healthy ? 'health.good' : 'health.bad')} · <When at={health.checked_at} />
            </>
          ) : (
            t('health.never')
          )}
        </Text>
      </Group>
      {checking.error ? <ErrorPanel error={checking.error} /> : null}
      {number?.display_phone_number ? (
        <Text size="sm">
          <b>{number.display_phone_number}</b>
          {number.verified_name ? ` · ${number.verified_name}` : ''}
          {rating
            ? ` · ${t('health.quality', { rating: t(`health.ratings.${rating}`, { defaultValue: rating }) })}`
            : ''}
        </Text>
      ) : null}
      {health ? (
        <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('health.title')}>
          {health.checks.map((check) => (
            <Finding key={check.name} check={check} />
          ))}
        </Stack>
      ) : null}
    </Stack>
  );
}

function Finding({ check }: { check: ChannelCheck }) {
  const { t, i18n } = useTranslation('channels');
  const { color, icon: Icon } = SIGNS[check.status];
  const isEnglish = i18n.resolvedLanguage === 'en';
  const told = isEnglish ? check.message : t(`codes.${check.code}`, { defaultValue: check.message ?? '' });
  return (
    <Group component="li" gap="sm" wrap="nowrap" align="flex-start">
      <ThemeIcon variant="light" color={color} size={24} radius="xl" aria-hidden>
        <Icon size={14} />
      </ThemeIcon>
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={600}>
          {t(`checks.${check.name}`)}
          <span className="sr-only">: {t(`checkStates.${check.status}`)}</span>
        </Text>
        {check.code ? (
          <Text size="sm" c="dimmed" className="breaks">
            {told}
          </Text>
        ) : null}
      </div>
    </Group>
  );
}
