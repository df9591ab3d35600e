// The pages of the settings.
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';

import { signedIn, withAllTexts } from './frame';

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/settings/SettingsLayout')),
    'SettingsLayout',
  ),
});

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/profile', replace: true });
  },
});

const pages = [
  createRoute({
    getParentRoute: () => settings,
    path: '/profile',
    component: lazyRouteComponent(
      withAllTexts(() => import('../features/settings/ProfilePage')),
      'ProfilePage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/members',
    component: lazyRouteComponent(
      withAllTexts(() => import('../features/settings/MembersPage')),
      'MembersPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/api-keys',
    component: lazyRouteComponent(
      withAllTexts(() => import('../features/settings/ApiKeysPage')),
      'ApiKeysPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/webhooks',
    component: lazyRouteComponent(
      withAllTexts(() => import('../features/settings/webhooks/WebhooksPage')),
      'WebhooksPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/webhooks/$webhookId',
    component: lazyRouteComponent(
      withAllTexts(() => import('../features/settings/webhooks/WebhookPage')),
      'WebhookPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/secrets',
    component: lazyRouteComponent(
      withAllTexts(() => import('../features/settings/SecretsPage')),
      'SecretsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/address-policy',
    component: lazyRouteComponent(
      withAllTexts(() => import('../features/settings/AddressPolicyPage')),
      'AddressPolicyPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/audit-log',
    component: lazyRouteComponent(
      withAllTexts(() => import('../features/settings/AuditLogPage')),
      'AuditLogPage',
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/about',
    component: lazyRouteComponent(
      withAllTexts(() => import('../features/settings/AboutPage')),
      'AboutPage',
    ),
  }),
] as const;

export const settingsPages = settings.addChildren([settingsHome, ...pages]);
