// The first steps, ticked off as they are done; gone once all are.
import { Anchor, Group, List, Paper, Progress, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleDashed } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Step } from './steps';

export function Checklist({ steps }: { steps: Step[] }) {
  const { t } = useTranslation('home');
  const done = steps.filter((step) => step.isDone).length;
  if (done === steps.length) return null;
  const next = steps.find((step) => !step.isDone);
  return (
    <Paper p="md">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h3">
          {t('steps.title')}
        </Title>
        <Text size="xs" c="dimmed" className="tabular">
          {t('steps.done', { done, count: steps.length })}
        </Text>
      </Group>
      <Progress value={(done / steps.length) * 100} size="sm" mb="md" aria-label={t('steps.title')} />
      <List spacing="sm" listStyleType="none" type="ordered">
        {steps.map((step) => (
          <List.Item
            key={step.key}
            icon={
              step.isDone ? (
                <CircleCheck size={18} color="var(--mantine-color-jade-text)" aria-hidden />
              ) : (
                <CircleDashed size={18} aria-hidden />
              )
            }
          >
            {step.isDone ? (
              <Text size="sm" c="dimmed">
                {t(`steps.${step.key}`)} <span className="sr-only">({t('steps.isDone')})</span>
              </Text>
            ) : (
              <Anchor component={Link} to={step.to} size="sm" fw={step === next ? 600 : 400}>
                {t(`steps.${step.key}`)}
              </Anchor>
            )}
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}
