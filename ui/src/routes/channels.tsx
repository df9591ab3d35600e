// The pages of channels, their templates and their forms.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { SETUP_STEPS, type SetupStep } from '../features/channels/channel';
import { signedIn, withAllTexts } from './frame';

const channels = createRoute({
  getParentRoute: () => signedIn,
  path: '/channels',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/channels/ChannelsPage')),
    'ChannelsPage',
  ),
});

const newChannel = createRoute({
  getParentRoute: () => signedIn,
  path: '/channels/new',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/channels/NewChannelPage')),
    'NewChannelPage',
  ),
});

const channel = createRoute({
  getParentRoute: () => signedIn,
  path: '/channels/$channelId',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/channels/ChannelPage')),
    'ChannelPage',
  ),
});

const channelSetup = createRoute({
  getParentRoute: () => signedIn,
  path: '/channels/$channelId/setup',
  validateSearch: (search: Record<string, unknown>): { step?: SetupStep } =>
    SETUP_STEPS.includes(search.step as SetupStep) ? { step: search.step as SetupStep } : {},
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/channels/SetupPage')),
    'SetupPage',
  ),
});

const templates = createRoute({
  getParentRoute: () => signedIn,
  path: '/channels/$channelId/templates',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/templates/TemplatesPage')),
    'TemplatesPage',
  ),
});

const forms = createRoute({
  getParentRoute: () => signedIn,
  path: '/channels/$channelId/forms',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/forms/FormsPage')),
    'FormsPage',
  ),
});

const form = createRoute({
  getParentRoute: () => signedIn,
  path: '/channels/$channelId/forms/$formId',
  component: lazyRouteComponent(
    withAllTexts(() => import('../features/forms/FormPage')),
    'FormPage',
  ),
});

export const channelPages = [channels, newChannel, channel, channelSetup, templates, forms, form] as const;
