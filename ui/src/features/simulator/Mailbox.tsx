// What the worked example's API "mailed" to the person, for flows that call it: nobody has to look into a real mailbox.
import { Button, Group, Paper, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Definition } from '../flows/definition';
import { exampleQuery } from '../integrations/queries';
import { callBlocks } from './blocks';

interface Props {
  definition?: Definition;
  /** The time the chat began at, so that mail of an earlier one is left alone. */
  values: unknown;
  onUse?: (code: string) => void;
}

export function Mailbox({ definition, values, onUse }: Props) {
  const { t } = useTranslation('simulator');
  const calls = callBlocks(definition);
  const { data: example } = useQuery({ ...exampleQuery, enabled: calls.length > 0 });
  const belongs = calls.some((block) => block.integration_id === example?.integration_id);
  if (!example || !belongs) return null;
  const known = JSON.stringify(values ?? {});
  const mailed = example.codes.find(({ validation_id: id }) => known.includes(`"${id}"`));
  return (
    <Paper p="sm" role="status" aria-live="polite">
      <Group gap="sm" wrap="nowrap">
        <Mail size={20} aria-hidden style={{ flex: 'none' }} />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text size="sm" fw={600}>
            {mailed ? t('mail.to', { account: mailed.account_id }) : t('mail.title')}
          </Text>
          <Text size="sm" c={mailed ? undefined : 'dimmed'} className="breaks">
            {mailed ? (
              <>
                {t('mail.code')}{' '}
                <Text span fw={700} className="tabular">
                  {mailed.code}
                </Text>
              </>
            ) : (
              t('mail.none')
            )}
          </Text>
        </div>
        {mailed && onUse ? (
          <Button size="compact-sm" variant="light" onClick={() => onUse(mailed.code)}>
            {t('mail.use')}
          </Button>
        ) : null}
      </Group>
    </Paper>
  );
}
