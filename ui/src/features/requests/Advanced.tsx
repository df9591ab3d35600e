// What most requests leave as it is: how long to wait, whether to follow redirects, and the header that allows repeats.
import { Autocomplete, Collapse, NumberInput, Stack, Switch, Text, UnstyledButton, Group } from '@mantine/core';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { errorAt, type FieldErrors } from './errors';
import { DEFAULT_TIMEOUT, MAX_TIMEOUT, type FullRequest } from './request';
import classes from './requests.module.css';

interface Props {
  timeout: number | null;
  isFollowing: boolean;
  header: string | null;
  onChange: (part: Partial<FullRequest>) => void;
  errors: FieldErrors;
  isReadOnly: boolean;
}

const FIELDS = ['timeout_seconds', 'idempotency_header'];

export const Advanced = memo(function Advanced({ timeout, isFollowing, header, onChange, errors, isReadOnly }: Props) {
  const { t } = useTranslation('requests');
  const id = useId();
  const hasErrors = FIELDS.some((field) => errors.hard[field]);
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen || hasErrors;
  const set = [
    timeout ? t('advanced.sumTimeout', { seconds: timeout }) : '',
    isFollowing ? t('advanced.sumRedirects') : '',
    header ? t('advanced.sumIdempotency', { name: header }) : '',
  ]
    .filter(Boolean)
    .join(' · ');
  const timeoutSaid = errorAt(errors, 'timeout_seconds');
  const headerSaid = errorAt(errors, 'idempotency_header');
  return (
    <section>
      <Text component="h3" m={0} fz="inherit">
        <UnstyledButton
          className={classes.disclosure}
          aria-expanded={shown}
          aria-controls={id}
          onClick={() => setOpen(!shown)}
        >
          {shown ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}
          <Text span fw={650}>
            {t('advanced.title')}
          </Text>
          <Text span size="sm" c="dimmed" truncate>
            {set || t('advanced.standard')}
          </Text>
        </UnstyledButton>
      </Text>
      <Collapse expanded={shown} id={id}>
        <Stack gap="md" pt="sm" pl={24}>
          <Group align="flex-start" gap="xl">
            <NumberInput
              w={220}
              label={t('advanced.timeout')}
              description={t('advanced.timeoutHint', { standard: DEFAULT_TIMEOUT, most: MAX_TIMEOUT })}
              placeholder={String(DEFAULT_TIMEOUT)}
              value={timeout ?? ''}
              min={0.1}
              max={MAX_TIMEOUT}
              clampBehavior="blur"
              decimalScale={3}
              suffix=" s"
              readOnly={isReadOnly}
              onChange={(seconds) => onChange({ timeout_seconds: seconds === '' ? null : Number(seconds) })}
              error={timeoutSaid.error ?? timeoutSaid.softError}
            />
            <Autocomplete
              w={300}
              maw="100%"
              label={t('advanced.idempotency')}
              description={t('advanced.idempotencyHint')}
              placeholder="Idempotency-Key"
              data={['Idempotency-Key', 'X-Idempotency-Key', 'X-Request-Id']}
              value={header ?? ''}
              readOnly={isReadOnly}
              onChange={(name) => onChange({ idempotency_header: name || null })}
              error={headerSaid.error ?? headerSaid.softError}
              aria-label={t('advanced.idempotency')}
            />
          </Group>
          <Switch
            label={t('advanced.redirects')}
            description={t('advanced.redirectsHint')}
            checked={isFollowing}
            disabled={isReadOnly}
            onChange={(event) => onChange({ follow_redirects: event.currentTarget.checked })}
          />
        </Stack>
      </Collapse>
    </section>
  );
});
