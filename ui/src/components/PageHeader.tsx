// The head of a page: where it stands, its name, and what can be done here.
import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useTitle } from './useTitle';

interface Props {
  title: string;
  description?: ReactNode;
  /** Pages above this one, outermost first. */
  parents?: { label: string; to: string }[];
  icon?: ReactNode;
  /** Buttons at the right. */
  children?: ReactNode;
}

const NONE: { label: string; to: string }[] = [];

export function PageHeader({ title, description, parents = NONE, icon, children }: Props) {
  useTitle(title);
  return (
    <Stack gap={6} mb="lg">
      {parents.length > 0 ? (
        <Breadcrumbs separatorMargin={6} style={{ flexWrap: 'wrap' }}>
          {parents.map(({ label, to }) => (
            <Anchor key={to} component={Link} to={to} size="sm" lh={1.5} truncate maw={240}>
              {label}
            </Anchor>
          ))}
        </Breadcrumbs>
      ) : null}
      <Group justify="space-between" align="center" gap="md">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          {icon}
          <Title order={1} className="breaks">
            {title}
          </Title>
        </Group>
        {children ? <Group gap="sm">{children}</Group> : null}
      </Group>
      {description ? (
        <Text c="dimmed" maw={720} component="div">
          {description}
        </Text>
      ) : null}
    </Stack>
  );
}
