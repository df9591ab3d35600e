// The second step: which values the API asks for. Real keys are entered later, with the credentials.
import { Alert, Button, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiProblem, asProblem } from '../../api/problem';
import type { UpdateIntegration } from '../../api/schema';
import { moveRow } from '../../components/rows';
import { useRowFocus } from '../../components/useRowFocus';
import { AuthFieldRow } from './AuthFieldRow';
import { authOf, authSlips, authValueOf, newRow, renamedFields, type AuthRow } from './authRows';
import { InUseDialog, type InUse } from './InUseDialog';
import { StepFrame } from './StepFrame';
import { referencesOf, renameReferences } from './steps';
import { renameInActions } from './renameInActions';
import { useKeptForm } from './useKeptForm';
import { useStep } from './useStep';

const NO_SLIPS = {};
const MAX_FIELDS = 50;
const route = getRouteApi('/signed-in/integrations/$integrationId/authentication');

export function AuthenticationStep() {
  const { integrationId } = route.useParams();
  const { t } = useTranslation('integrations');
  const client = useQueryClient();
  const { integration, mayWrite, updating, goOn } = useStep('authentication', integrationId);
  const [fresh] = useState(newRow);
  const form = useKeptForm(
    `integrations.${integrationId}.authentication`,
    authValueOf(integration.auth, fresh),
    integration.updated_at,
  );
  // What was wrong when saving was tried: from then on it is told as one types, empty identifiers included.
  const [slips, setSlips] = useState<Record<string, string>>(NO_SLIPS);
  const [inUse, setInUse] = useState<InUse | null>(null);
  const [said, setSaid] = useState('');
  const { list, focusRow } = useRowFocus();
  const { rows } = form.value;

  const sentences = (of: AuthRow[]) =>
    Object.fromEntries(Object.entries(authSlips(of)).map(([path, slip]) => [path, t(`auth.slips.${slip}`)]));
  const setRows = (next: AuthRow[]) => form.set({ ...form.value, rows: next });

  function add() {
    const row = newRow();
    setRows([...rows, row]);
    focusRow(row.key);
  }

  function remove(index: number) {
    const next = rows.toSpliced(index, 1);
    setRows(next);
    focusRow((next[index] ?? next.at(-1))?.key ?? null);
  }

  function move(index: number, by: 1 | -1) {
    const row = rows[index];
    if (!row) return;
    setRows(moveRow(rows, index, by));
    focusRow(row.key, by === 1 ? 'down' : 'up');
    setSaid(t('auth.moved', { name: row.name || row.identifier, at: index + by + 1, total: rows.length }));
  }

  function changeOf(renamed: Record<string, string>): UpdateIntegration {
    const change: UpdateIntegration = { auth: authOf(form.value) };
    const request = integration.test_request && renameReferences(integration.test_request, renamed);
    const known = new Set(rows.map(({ identifier }) => identifier));
    const isWhole = request !== null && referencesOf(request).every((identifier) => known.has(identifier));
    return Object.keys(renamed).length > 0 && isWhole ? { ...change, test_request: request } : change;
  }

  async function save(goesOn: boolean, actionIds?: string[]) {
    const found = sentences(rows);
    setSlips(found);
    if (Object.keys(found).length > 0) return;
    const renamed = renamedFields(integration.auth, rows);
    try {
      await updating.mutateAsync({ change: changeOf(renamed), isForced: actionIds !== undefined });
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'in_use' || actionIds !== undefined) throw error;
      updating.reset();
      setInUse({ usedBy: error.usedBy, renamed: Object.keys(renamed).length > 0, goesOn });
      return;
    }
    if (actionIds) await renameInActions(actionIds, renamed);
    await client.invalidateQueries({ queryKey: ['credentials'] });
    await client.invalidateQueries({ queryKey: ['actions'] });
    form.discard();
    if (goesOn) await goOn();
  }

  const problem = updating.error ? asProblem(updating.error) : null;
  const lockedType = problem?.code === 'auth_field_type_locked' ? problem.params.identifier : undefined;
  const hasTried = slips !== NO_SLIPS;
  const live = sentences(rows);
  const identifierError = (row: AuthRow, path: string) =>
    (row.identifier === '' && !hasTried ? undefined : live[path]) ?? problem?.byPath[path];

  return (
    <StepFrame
      step="authentication"
      title={t('auth.title')}
      text={t('auth.text')}
      integrationId={integrationId}
      form={form}
      isEditable={mayWrite}
      isBusy={updating.isPending}
      error={updating.error}
      slips={slips}
      onSave={(goesOn) => void save(goesOn).catch(() => undefined)}
      after={
        <InUseDialog
          inUse={inUse}
          onClose={() => setInUse(null)}
          onConfirm={(actionIds) => save(inUse?.goesOn ?? false, actionIds)}
        />
      }
    >
      <Alert color="yellow" icon={<KeyRound size={20} aria-hidden />} title={t('auth.bannerTitle')}>
        {t('auth.banner')}
      </Alert>
      <TextInput
        label={t('auth.called')}
        description={t('auth.calledHint')}
        value={form.value.name}
        onChange={(event) => form.set({ ...form.value, name: event.currentTarget.value })}
        error={problem?.byPath['auth.name']}
        maxLength={200}
        readOnly={!mayWrite}
        autoComplete="off"
        maw={640}
      />
      <section aria-labelledby="auth-fields">
        <Title order={3} id="auth-fields">
          {t('auth.fields')}
        </Title>
        <Text size="sm" c="dimmed" mb="sm" maw={680}>
          {t('auth.fieldsHint')}
        </Text>
        <Stack gap="sm" ref={list}>
          {rows.length === 0 ? <Text size="sm">{t('auth.none')}</Text> : null}
          <Stack gap="sm" component="ol" m={0} p={0}>
            {rows.map((row, index) => (
              <AuthFieldRow
                key={row.key}
                row={row}
                index={index}
                count={rows.length}
                errors={{
                  name: problem?.byPath[`auth.fields[${index}].name`],
                  identifier: identifierError(row, `auth.fields[${index}].identifier`),
                  type: lockedType === row.identifier ? problem?.text : undefined,
                }}
                isReadOnly={!mayWrite}
                onChange={(changed) => setRows(rows.with(index, changed))}
                onMove={(by) => move(index, by)}
                onRemove={() => remove(index)}
              />
            ))}
          </Stack>
          {mayWrite ? (
            <div>
              <Button
                variant="default"
                leftSection={<Plus size={16} aria-hidden />}
                onClick={add}
                disabled={rows.length >= MAX_FIELDS}
                data-add
              >
                {t('auth.add')}
              </Button>
            </div>
          ) : null}
        </Stack>
        <Text className="sr-only" role="status">
          {said}
        </Text>
      </section>
      <Switch
        label={t('auth.keyInUrl')}
        description={t('auth.keyInUrlHint')}
        checked={form.value.key_in_url}
        onChange={(event) => form.set({ ...form.value, key_in_url: event.currentTarget.checked })}
        disabled={!mayWrite}
        maw={640}
      />
    </StepFrame>
  );
}
