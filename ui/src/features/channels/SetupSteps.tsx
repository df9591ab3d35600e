// The way to a live number: every step, and which one this is.
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { StepNumber } from '../../components/StepNumber';
import stepper from '../../components/stepper.module.css';
import { SETUP_STEPS, type SetupStep } from './channel';
import classes from './channels.module.css';

interface Props {
  current: SetupStep | 'number';
  /** Null where nothing is saved yet. */
  channelId: string | null;
}

export function SetupSteps({ current, channelId }: Props) {
  const { t } = useTranslation('channels');
  const steps = ['number', ...SETUP_STEPS] as const;
  const at = steps.indexOf(current);
  return (
    <nav aria-label={t('setup.steps')}>
      <ol className={`${stepper.bar} ${classes.steps}`}>
        {steps.map((step, index) => {
          const isCurrent = step === current;
          const content = (
            <>
              <StepNumber number={index + 1} state={isCurrent ? 'current' : index < at ? 'done' : 'none'} />
              <Text span size="sm" fw={600} visibleFrom={isCurrent ? undefined : 'md'}>
                {t(`setup.${step}.name`)}
              </Text>
            </>
          );
          const shape = `${stepper.step} ${stepper.label} ${classes.step}`;
          return (
            <li key={step}>
              {channelId && step !== 'number' ? (
                <Link
                  to="/channels/$channelId/setup"
                  params={{ channelId }}
                  search={{ step }}
                  className={shape}
                  aria-current={isCurrent ? 'step' : undefined}
                  aria-label={t(`setup.${step}.name`)}
                >
                  {content}
                </Link>
              ) : (
                <span className={shape} aria-current={isCurrent ? 'step' : undefined}>
                  {content}
                  {isCurrent ? null : <span className="sr-only">{t(`setup.${step}.name`)}</span>}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
