// Why an execution failed, in words: what it means, what the API said, and the next step.
import { Alert, Anchor, Blockquote, Code, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Execution } from '../../api/schema';
import { useSession } from '../../api/session';
import { explain, type Remedy } from './explain';
import { unfinishedPart } from './timing';

const WARNINGS = new Set(['outputMissing', 'outputNull', 'outputType', 'redirect', 'rateLimited', 'unknown', 'input']);

export function ExplainedError({ execution }: { execution: Execution }) {
  const { t } = useTranslation('responses');
  const explanation = explain(execution);
  if (!explanation || !execution.error) return null;
  const { kind, remedy, apiMessage } = explanation;
  const phase = kind === 'timeout' && execution.timing ? unfinishedPart(execution.timing) : null;
  return (
    <Alert
      color={WARNINGS.has(kind) ? 'yellow' : 'red'}
      icon={<TriangleAlert size={20} aria-hidden />}
      title={t(`explain.${kind}.title`)}
    >
      <Text size="sm">{t(`explain.${kind}.text`)}</Text>
      {phase ? (
        <Text size="sm" mt={4}>
          {t(`explain.phases.${phase}`)}
        </Text>
      ) : null}
      {apiMessage ? (
        <Blockquote p="xs" my="xs" color="gray" className="breaks">
          <Text size="xs" c="dimmed">
            {t('explain.apiSays')}
          </Text>
          <Text size="sm">{apiMessage}</Text>
        </Blockquote>
      ) : null}
      <Text size="sm" mt={4}>
        {t(`explain.${kind}.next`)} {remedy ? <RemedyLink remedy={remedy} execution={execution} /> : null}
      </Text>
      <Text size="xs" c="dimmed" mt="xs" className="breaks">
        <Code>{execution.error.code}</Code> <span lang="en">{execution.error.message}</span>
      </Text>
    </Alert>
  );
}

/** A link to where it can be set right, where there is such a place and the reader is not there already. */
function RemedyLink({ remedy, execution }: { remedy: Remedy; execution: Execution }): ReactNode {
  const { t } = useTranslation('responses');
  const { permissions } = useSession();
  const { integration_id: integrationId, action_id: actionId } = execution;
  const label = t(`explain.remedies.${remedy}`);
  if (remedy === 'address-policy') {
    if (!permissions.includes('settings:read')) return null;
    return (
      <Anchor component={Link} to="/settings/address-policy" size="sm" underline="always">
        {label}
      </Anchor>
    );
  }
  if (!integrationId || !permissions.includes('integrations:read')) return null;
  const isCredentialTest = execution.kind === 'credential_test';
  if (remedy === 'credentials') {
    if (isCredentialTest) return null;
    return (
      <Anchor
        underline="always"
        renderRoot={(props) => (
          <Link to="/integrations/$integrationId/credentials" params={{ integrationId }} {...props} />
        )}
        size="sm"
      >
        {label}
      </Anchor>
    );
  }
  if (isCredentialTest) {
    return (
      <Anchor
        underline="always"
        renderRoot={(props) => (
          <Link to="/integrations/$integrationId/test-request" params={{ integrationId }} {...props} />
        )}
        size="sm"
      >
        {t('explain.remedies.test-request')}
      </Anchor>
    );
  }
  if (!actionId) return null;
  return (
    <Anchor
      underline="always"
      renderRoot={(props) => (
        <Link
          to="/integrations/$integrationId/actions/$actionId"
          params={{ integrationId, actionId }}
          search={{ step: remedy === 'inputs' ? 'test' : remedy }}
          {...props}
        />
      )}
      size="sm"
    >
      {label}
    </Anchor>
  );
}
