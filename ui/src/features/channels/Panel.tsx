// A part of a channel's page: its name, what it is for, and what is set there.
import { Paper, Stack, Text, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';

interface Props {
  title: string;
  text?: ReactNode;
  children: ReactNode;
}

export function Panel({ title, text, children }: Props) {
  const id = useId();
  return (
    <Paper
      component="section"
      aria-labelledby={id}
      p={{ base: 'md', sm: 'xl' }}
      style={{ background: 'var(--recado-raised)' }}
    >
      <Stack gap="md">
        <div>
          <Title order={2} size="h3" id={id}>
            {title}
          </Title>
          {text ? (
            <Text size="sm" c="dimmed" maw={680} component="div">
              {text}
            </Text>
          ) : null}
        </div>
        {children}
      </Stack>
    </Paper>
  );
}
