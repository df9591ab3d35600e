// The five steps of an action, all within reach, each with how far it is.
import { Tabs, Text } from '@mantine/core';
import { Check, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { ACTION_STEPS, type ActionStep } from '../../routes';
import classes from './actions.module.css';
import type { StepState } from './stepStates';

export function StepTabs({ states }: { states: Record<ActionStep, StepState> }) {
  const { t } = useTranslation('actions');
  return (
    <Tabs.List className={classes.tabs} aria-label={t('steps.label')} mb="lg">
      {ACTION_STEPS.map((step, index) => {
        const state = states[step];
        return (
          <Tabs.Tab key={step} value={step} className={classes.tab}>
            <span className={classes.tabLabel}>
              <span className={classes.number} data-state={state} aria-hidden>
                {state === 'done' ? <Check size={15} /> : null}
                {state === 'error' || state === 'warning' ? <TriangleAlert size={14} /> : null}
                {state === 'missing' || state === 'none' ? index + 1 : null}
              </span>
              <span style={{ minWidth: 0 }}>
                <Text span size="sm" fw={600} display="block" truncate>
                  {t(`steps.${step}`)}
                </Text>
                <Text span size="xs" c="dimmed" display="block" truncate className={classes.stateWord}>
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
