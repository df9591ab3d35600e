// The five steps of an action, all within reach, each with how far it is.
import { Tabs, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { StepNumber } from '../../components/StepNumber';
import stepper from '../../components/stepper.module.css';
import { ACTION_STEPS, type ActionStep } from '../../routes/integrations';
import classes from './actions.module.css';
import type { StepState } from './stepStates';

export function StepTabs({ states }: { states: Record<ActionStep, StepState> }) {
  const { t } = useTranslation('actions');
  return (
    <Tabs.List className={`${stepper.bar} ${classes.tabs}`} aria-label={t('steps.label')} mb="lg">
      {ACTION_STEPS.map((step, index) => {
        const state = states[step];
        return (
          <Tabs.Tab key={step} value={step} className={`${stepper.step} ${classes.tab}`}>
            <span className={`${stepper.label} ${classes.tabLabel}`}>
              <StepNumber number={index + 1} state={state} />
              <span style={{ minWidth: 0 }}>
                <Text span size="sm" fw={600} display="block" truncate>
                  {t(`steps.${step}`)}
                </Text>
                <Text span size="xs" c="dimmed" display="block" truncate>
                  {t(`steps.states.${state}`)}
                </Text>
              </span>
            </span>
          </Tabs.Tab>
        );
      })}
    </Tabs.List>
  );
}
