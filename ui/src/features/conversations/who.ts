// Who a conversation is with, as far as it is known.
import type { TFunction } from 'i18next';

import type { components } from '../../api/schema';

type Contact = components['schemas']['Contact'];

export function whoOf(contact: Contact, t: TFunction<'conversations'>): string {
  return contact.name || contact.phone || t('somebody');
}

/** `v3`, or that it was a draft. */
export function versionOf(version: number | null, t: TFunction<'conversations'>): string {
  return version === null ? t('draft') : t('versionShort', { version });
}
