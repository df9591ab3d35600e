// Seals a channel's secrets in this browser and enters them.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Channel } from '../../api/schema';
import { canSeal, KeyRefused, seal } from '../credentials/sealing';
import { useSealing } from '../credentials/useSealing';
import { setSecrets, useShown } from './queries';

/** What stands for the integration in the place of a channel's secret. */
const CHANNEL = 'channel';

export function useSecrets(channel: Channel) {
  const { t } = useTranslation('credentials');
  const sealing = useSealing();
  const show = useShown();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  /** Whether they were taken. Null clears. */
  async function enter(values: Record<string, string | null>): Promise<boolean> {
    setBusy(true);
    setError(null);
    try {
      const key = await sealing.freshKey();
      if (!key) return false;
      const place = { workspaceId: key.workspace_id, integrationId: CHANNEL, credentialId: channel.id };
      const pairs = Object.entries(values).map(async ([name, value]) => {
        const hosts = name === 'access_token' ? channel.hosts : [];
        const isSealed = value !== null && canSeal();
        return [name, isSealed ? await seal(key, { ...place, authFieldId: name }, value, hosts) : value] as const;
      });
      await show(await setSecrets(channel.id, Object.fromEntries(await Promise.all(pairs))));
      return true;
    } catch (problem) {
      setError(problem instanceof KeyRefused ? new Error(t('sealing.refused')) : problem);
      return false;
    } finally {
      setBusy(false);
    }
  }

  return { sealing, enter, isBusy, error };
}
