// A list with nothing in it yet: what will be here, and how to begin.
import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  icon?: ReactNode;
  title: string;
  text?: string;
  /** Buttons, the first one the likeliest. */
  children?: ReactNode;
  order?: 2 | 3;
}

export function EmptyState({ icon, title, text, children, order = 2 }: Props) {
  return (
    <Paper p={{ base: 'lg', sm: 40 }} style={{ borderStyle: 'dashed', background: 'transparent' }}>
      <Stack align="center" gap="sm" maw={460} mx="auto" ta="center">
        {icon}
        <Title order={order} size="h3">
          {title}
        </Title>
        {text ? (
          <Text size="sm" c="dimmed" style={{ textWrap: 'balance' }}>
            {text}
          </Text>
        ) : null}
        {children}
      </Stack>
    </Paper>
  );
}
