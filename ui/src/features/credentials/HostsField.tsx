// The hosts that a credential's passwords may be sent to: proposed from the requests, changed by hand where that is wanted.
import { ActionIcon, Alert, Anchor, Button, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { cleanHosts } from './values';

interface Props {
  hosts: string[];
  onChange: (hosts: string[]) => void;
  /** Where the integration's requests lead. */
  proposed: string[];
  /** Sentences by path: `hosts`, `hosts[0]`. */
  errors: Record<string, string>;
  isDisabled: boolean;
}

const MAX_HOSTS = 20;

export function HostsField({ hosts, onChange, proposed, errors, isDisabled }: Props) {
  const { t } = useTranslation('credentials');
  const [isOpen, setOpen] = useState(hosts.length === 0);
  const list = useRef<HTMLDivElement>(null);
  const hasErrors = Object.keys(errors).some((path) => path.startsWith('hosts'));
  const left = proposed.filter((host) => !cleanHosts(hosts).includes(host));
  const rows = hosts.length > 0 ? hosts : [''];

  /** The row is there once this is drawn. */
  function focusRow(index: number) {
    window.setTimeout(() => list.current?.querySelectorAll('input')[index]?.focus());
  }

  return (
    <Stack gap="xs" component="section" aria-labelledby="hosts-label">
      <div>
        <Text size="sm" fw={500} id="hosts-label">
          {t('hosts.label')}
        </Text>
        <Text size="xs" c="dimmed">
          {t('hosts.hint')}
        </Text>
      </div>
      {isOpen || hasErrors ? (
        <>
          <Stack gap="xs" ref={list}>
            {rows.map((host, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- the place is all that tells two rows apart
              <Group key={index} gap="xs" wrap="nowrap" align="flex-start">
                <TextInput
                  style={{ flex: 1 }}
                  aria-label={t('hosts.row', { number: index + 1 })}
                  placeholder="api.acme.example"
                  value={host}
                  onChange={(event) => onChange(rows.with(index, event.currentTarget.value))}
                  error={errors[`hosts[${index}]`]}
                  disabled={isDisabled}
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                />
                {rows.length > 1 ? (
                  <ActionIcon
                    size={36}
                    disabled={isDisabled}
                    aria-label={t('hosts.remove', { host: host || index + 1 })}
                    onClick={() => {
                      onChange(rows.toSpliced(index, 1));
                      focusRow(Math.max(index - 1, 0));
                    }}
                  >
                    <X size={16} />
                  </ActionIcon>
                ) : null}
              </Group>
            ))}
          </Stack>
          {errors.hosts ? (
            <Text size="xs" c="var(--mantine-color-error)" role="alert">
              {errors.hosts}
            </Text>
          ) : null}
          <Text size="xs" c="dimmed">
            {t('hosts.forms')}
          </Text>
          <Group>
            <Button
              variant="default"
              size="xs"
              leftSection={<Plus size={14} aria-hidden />}
              disabled={isDisabled || rows.length >= MAX_HOSTS}
              onClick={() => {
                onChange([...rows, '']);
                focusRow(rows.length);
              }}
            >
              {t('hosts.add')}
            </Button>
          </Group>
        </>
      ) : (
        <Group gap="xs">
          {hosts.map((host) => (
            <Code key={host}>{host}</Code>
          ))}
          <Anchor
            component="button"
            type="button"
            size="sm"
            disabled={isDisabled}
            onClick={() => {
              setOpen(true);
              focusRow(0);
            }}
          >
            {t('hosts.change')}
          </Anchor>
        </Group>
      )}
      {left.length > 0 && cleanHosts(hosts).length > 0 ? (
        <Alert color="yellow">{t('hosts.left', { hosts: left.join(', ') })}</Alert>
      ) : null}
    </Stack>
  );
}
