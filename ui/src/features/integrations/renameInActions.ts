// Lets the references of actions follow an authentication field that got another identifier.
import { api, data, exactData } from '../../api/client';
import type { Action } from '../../api/schema';
import { referencesOf, renameReferences } from './steps';

export async function renameInActions(actionIds: string[], renamed: Record<string, string>): Promise<void> {
  await Promise.all(
    actionIds.map(async (actionId) => {
      const params = { path: { action_id: actionId } };
      const { request } = await exactData<Action>(api.GET('/api/v1/actions/{action_id}', { params, parseAs: 'text' }));
      if (!request || !referencesOf(request).some((identifier) => Object.hasOwn(renamed, identifier))) return;
      await data(
        api.PATCH('/api/v1/actions/{action_id}', { params, body: { request: renameReferences(request, renamed) } }),
      );
    }),
  );
}
