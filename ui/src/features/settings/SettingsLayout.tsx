// The settings with their own navigation: what this person may see, one page each.
import { Box, NavLink, ScrollArea } from '@mantine/core';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { FileClock, Info, KeyRound, ShieldCheck, UserRound, Users, Vault, Webhook } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { useSession } from '../../api/session';
import classes from './settings.module.css';

const PAGES = [
  { to: '/settings/profile', key: 'profile', icon: UserRound, permission: 'self' },
  { to: '/settings/members', key: 'members', icon: Users, permission: 'members:read' },
  { to: '/settings/api-keys', key: 'apiKeys', icon: KeyRound, permission: 'api_keys:read' },
  { to: '/settings/webhooks', key: 'webhooks', icon: Webhook, permission: 'webhooks:write' },
  { to: '/settings/secrets', key: 'secrets', icon: Vault, permission: 'settings:read' },
  { to: '/settings/address-policy', key: 'addressPolicy', icon: ShieldCheck, permission: 'settings:read' },
  { to: '/settings/audit-log', key: 'auditLog', icon: FileClock, permission: 'audit:read' },
  { to: '/settings/about', key: 'about', icon: Info, permission: 'self' },
] as const;

export function SettingsLayout() {
  const { t } = useTranslation('settings');
  const { permissions } = useSession();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const current = PAGES.find(({ to }) => path === to || path.startsWith(`${to}/`))?.to;
  const links = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone the links stand in one line, wider than the page.
    links.current?.querySelector(`[href$="${current}"]`)?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  return (
    <Box className={classes.columns}>
      <ScrollArea component="nav" aria-label={t('navigation')} type="never" className={classes.side}>
        <Box className={classes.links} ref={links}>
          {PAGES.filter((page) => permissions.includes(page.permission)).map(({ to, key, icon: Icon }) => (
            <NavLink
              key={to}
              component={Link}
              to={to}
              label={t(`pages.${key}`)}
              leftSection={<Icon size={16} aria-hidden />}
              active={current === to}
              aria-current={path === to ? 'page' : undefined}
              className={classes.link}
            />
          ))}
        </Box>
      </ScrollArea>
      <Box className={classes.page}>
        <Outlet />
      </Box>
    </Box>
  );
}
