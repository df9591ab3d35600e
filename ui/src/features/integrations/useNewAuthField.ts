// A key found in a pasted cURL command becomes a field of the integration; its value waits in memory for a credential.
import type { Integration } from '../../api/schema';
import { handOver } from '../credentials/handOver';
import { useUpdateIntegration } from './queries';

export function useNewAuthField(integration: Integration) {
  const { mutate, error, isPending } = useUpdateIntegration(integration.id);

  function add(identifier: string, value: string) {
    handOver(integration.id, identifier, value);
    const { scheme, name, key_in_url, fields } = integration.auth;
    const known = fields ?? [];
    if (known.some((field) => field.identifier === identifier)) return;
    const made = { identifier, type: 'password' as const, required: true };
    mutate({ change: { auth: { scheme, name, key_in_url, fields: [...known, made] } } });
  }

  return { add, error, isPending };
}
