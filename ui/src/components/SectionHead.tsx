// The head of a part of a page: its name, what it is for, and what can be done with it.
import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  text: string;
  /** Buttons at the right. */
  children?: ReactNode;
}

export function SectionHead({ title, text, children }: Props) {
  return (
    <Group justify="space-between" align="flex-end" gap="md">
      <div>
        <Title order={2}>{title}</Title>
        <Text size="sm" c="dimmed" maw={680}>
          {text}
        </Text>
      </div>
      {children}
    </Group>
  );
}
