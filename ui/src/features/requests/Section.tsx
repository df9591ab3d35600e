// A part of the request editor: its name, how many rows it has, what can be done with all of it.
import { Badge, Group, Text, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';

interface Props {
  title: string;
  count?: number;
  hint?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
  children: ReactNode;
}

export function Section({ title, count = 0, hint, actions, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Group justify="space-between" gap="xs" mb={hint ? 2 : 'xs'} mih={28}>
        <Group gap={8}>
          <Title order={3} id={id}>
            {title}
          </Title>
          {count > 0 ? (
            <Badge color="gray" size="sm" aria-hidden>
              {count}
            </Badge>
          ) : null}
        </Group>
        {actions ? <Group gap={4}>{actions}</Group> : null}
      </Group>
      {hint ? (
        <Text size="sm" c="dimmed" mb="xs" component="div">
          {hint}
        </Text>
      ) : null}
      {children}
    </section>
  );
}
