// What stands around every page behind the sign-in: navigation, who is signed in, and the page.
import { AppShell, Burger, Group, NavLink, ScrollArea, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import {
  Activity,
  ContactRound,
  House,
  Inbox,
  MessagesSquare,
  Plug,
  Send,
  Settings as SettingsIcon,
  Smartphone,
  Waypoints,
} from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { useSession } from '../api/session';
import { AccountMenu } from './AccountMenu';
import { OfflineBanner } from './OfflineBanner';
import { Wordmark } from './Wordmark';

const PLACES = [
  { to: '/', key: 'home', icon: House, permission: 'integrations:read' },
  { to: '/integrations', key: 'integrations', icon: Plug, permission: 'integrations:read' },
  { to: '/flows', key: 'flows', icon: Waypoints, permission: 'flows:read' },
  { to: '/inbox', key: 'inbox', icon: Inbox, permission: 'conversations:read' },
  { to: '/conversations', key: 'conversations', icon: MessagesSquare, permission: 'conversations:read' },
  { to: '/contacts', key: 'contacts', icon: ContactRound, permission: 'conversations:read' },
  { to: '/batches', key: 'batches', icon: Send, permission: 'conversations:read' },
  { to: '/channels', key: 'channels', icon: Smartphone, permission: 'channels:read' },
  { to: '/executions', key: 'executions', icon: Activity, permission: 'executions:read' },
  { to: '/settings', key: 'settings', icon: SettingsIcon, permission: 'self' },
] as const;

export function Shell() {
  const { t } = useTranslation();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { permissions, workspace } = useSession();
  const main = useRef<HTMLElement>(null);
  useEffect(close, [path, close]);

  return (
    <AppShell
      header={{ height: 56, collapsed: false }}
      navbar={{ width: 224, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', sm: 'xl' }}
      layout="alt"
    >
      <a
        className="skip-link"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t('skipToContent')}
      </a>
      <AppShell.Header
        px={{ base: 'md', sm: 'xl' }}
        style={{ background: 'var(--recado-page)', borderColor: 'var(--recado-line)' }}
      >
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" hiddenFrom="sm">
            <Burger opened={isOpen} onClick={toggle} size="sm" aria-label={t('menu')} aria-expanded={isOpen} />
            <Wordmark />
          </Group>
          <Text size="sm" c="dimmed" visibleFrom="sm" truncate>
            {workspace.name}
          </Text>
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        p="sm"
        aria-label={t('navigation')}
        style={{ background: 'var(--recado-raised)', borderColor: 'var(--recado-line)' }}
      >
        <Group h={44} px="xs" mb="sm" justify="space-between">
          <Wordmark />
          <Burger
            opened={isOpen}
            onClick={toggle}
            size="sm"
            hiddenFrom="sm"
            aria-label={t('menu')}
            aria-expanded={isOpen}
          />
        </Group>
        <AppShell.Section grow component={ScrollArea}>
          <Stack gap={4}>
            {PLACES.filter((place) => permissions.includes(place.permission)).map(({ to, key, icon: Icon }) => {
              const isHere = to === '/' ? path === '/' : path.startsWith(to);
              return (
                <NavLink
                  key={to}
                  component={Link}
                  to={to}
                  label={t(`places.${key}`)}
                  leftSection={<Icon size={18} aria-hidden />}
                  active={isHere}
                  aria-current={isHere ? 'page' : undefined}
                  fw={isHere ? 600 : 500}
                  style={{ borderRadius: 'var(--mantine-radius-md)' }}
                />
              );
            })}
          </Stack>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" ref={main} tabIndex={-1} style={{ outline: 'none' }}>
        <OfflineBanner />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
