// The way through an integration's set-up: every step, what is done and what is missing; a short form on phones.
import { Group, Menu, Paper, Progress, Stack, Text, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { StepNumber } from '../../components/StepNumber';
import stepper from '../../components/stepper.module.css';
import classes from './integrations.module.css';
import { STEP_PATHS, stepPath, STEPS, type Step, type StepState } from './steps';

interface Props {
  current: Step;
  /** Null where nothing is saved yet, so that only the first step can be visited. */
  integrationId: string | null;
  states: Record<Step, StepState>;
}

export function StepsNav(props: Props) {
  const isNarrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  const { t } = useTranslation('integrations');
  return <nav aria-label={t('steps.label')}>{isNarrow ? <ShortForm {...props} /> : <LongForm {...props} />}</nav>;
}

function Mark({ step, state, isCurrent }: { step: Step; state: StepState; isCurrent: boolean }) {
  return (
    <StepNumber
      number={STEPS.indexOf(step) + 1}
      state={isCurrent ? 'current' : state === 'broken' ? 'warning' : state}
    />
  );
}

function LongForm({ current, integrationId, states }: Props) {
  const { t } = useTranslation('integrations');
  return (
    <ol className={`${stepper.bar} ${classes.steps}`}>
      {STEPS.map((step) => {
        const isCurrent = step === current;
        const content = (
          <>
            <Mark step={step} state={states[step]} isCurrent={isCurrent} />
            <span style={{ minWidth: 0 }}>
              <Text span size="sm" fw={600} display="block" truncate>
                {t(`steps.${step}.name`)}
              </Text>
              {integrationId ? (
                <Text span size="xs" c="dimmed" display="block" truncate>
                  {t(`steps.state.${states[step]}`)}
                </Text>
              ) : null}
            </span>
          </>
        );
        return (
          <li key={step}>
            {integrationId ? (
              <Link
                to={STEP_PATHS[step]}
                params={{ integrationId }}
                className={`${stepper.step} ${stepper.label} ${classes.step}`}
                aria-current={isCurrent ? 'step' : undefined}
              >
                {content}
              </Link>
            ) : (
              <span
                className={`${stepper.step} ${stepper.label} ${classes.step}`}
                aria-current={isCurrent ? 'step' : undefined}
                aria-disabled={isCurrent ? undefined : true}
              >
                {content}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function ShortForm({ current, integrationId, states }: Props) {
  const { t } = useTranslation('integrations');
  const at = STEPS.indexOf(current) + 1;
  const head = (
    <Group gap="sm" wrap="nowrap" justify="space-between" w="100%">
      <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
        <Mark step={current} state={states[current]} isCurrent />
        <span style={{ minWidth: 0, textAlign: 'start' }}>
          <Text span size="xs" c="dimmed" display="block">
            {t('steps.position', { at, total: STEPS.length })}
          </Text>
          <Text span size="sm" fw={600} display="block" truncate>
            {t(`steps.${current}.name`)}
          </Text>
        </span>
      </Group>
      {integrationId ? <ChevronDown size={18} aria-hidden /> : null}
    </Group>
  );
  return (
    <Paper p="sm" style={{ background: 'var(--recado-raised)' }}>
      <Stack gap="xs">
        {integrationId ? (
          <Menu position="bottom-start" width="target" shadow="md">
            <Menu.Target>
              <UnstyledButton w="100%">{head}</UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              {STEPS.map((step) => (
                <Menu.Item
                  key={step}
                  component={Link}
                  to={stepPath(step, integrationId)}
                  aria-current={step === current ? 'step' : undefined}
                  leftSection={<Mark step={step} state={states[step]} isCurrent={step === current} />}
                >
                  <Text span size="sm" fw={600} display="block">
                    {t(`steps.${step}.name`)}
                  </Text>
                  <Text span size="xs" display="block">
                    {t(`steps.state.${states[step]}`)}
                  </Text>
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        ) : (
          head
        )}
        <Progress
          value={(at / STEPS.length) * 100}
          size={4}
          aria-label={t('steps.position', { at, total: STEPS.length })}
        />
      </Stack>
    </Paper>
  );
}
