// Seals what was typed and saves it: a new credential, or new values of one that is there.
import { ApiProblem } from '../../api/problem';
import type { AuthField, Credential, SealedValue, SecretKey } from '../../api/schema';
import { createCredential, fetchCredential, renameCredential, setValues } from './queries';
import { canSeal, seal } from './sealing';

export interface Entry {
  field: AuthField;
  value: string;
}

interface Place {
  integrationId: string;
  credentialId: string;
}

type Values = Record<string, SealedValue | string | null>;

/** Each value sealed to its place; as typed where this page cannot seal and the person agreed to that. */
export async function sealAll(
  key: SecretKey,
  { integrationId, credentialId }: Place,
  entries: Entry[],
  hosts: string[],
): Promise<Values> {
  const pairs = await Promise.all(
    entries.map(async ({ field, value }) => {
      if (!canSeal()) return [field.identifier, value] as const;
      const place = { workspaceId: key.workspace_id, integrationId, credentialId, authFieldId: field.id };
      return [field.identifier, await seal(key, place, value, field.type === 'password' ? hosts : [])] as const;
    }),
  );
  return Object.fromEntries(pairs);
}

interface New extends Place {
  name: string;
  values: Values;
  hosts: string[] | undefined;
}

/** Make a credential. One that an answer got lost of is there already: it gets these values. */
export async function saveNew({ integrationId, credentialId, name, values, hosts }: New): Promise<Credential> {
  try {
    return await createCredential(integrationId, { id: credentialId, name, values, hosts });
  } catch (problem) {
    if (!(problem instanceof ApiProblem) || problem.status !== 409) throw problem;
    const there = await fetchCredential(credentialId).catch(() => {
      throw problem;
    });
    if (there.name !== name) await renameCredential(credentialId, name);
    return setValues(credentialId, { values, hosts });
  }
}
