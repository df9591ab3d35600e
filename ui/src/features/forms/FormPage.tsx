// One form: its JSON as Meta has it, what answers each of its screens, what is wrong with it, and a phone to try it with.
import { Alert, Button, Group, List, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { CircleAlert, Plus, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem, sentence } from '../../api/problem';
import { useMay } from '../../api/session';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { EditedRow } from '../../components/EditedRow';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Form as FormElement } from '../../components/Form';
import { PageHeader } from '../../components/PageHeader';
import { RowButtons } from '../../components/RowButtons';
import { moveRow, removeAt, replaceAt } from '../../components/rows';
import { UnsavedGuard } from '../../components/UnsavedGuard';
import { Panel } from '../channels/Panel';
import { channelQuery } from '../channels/queries';
import { useParents } from '../channels/useParents';
import { bodyOf, editedOf, handlerRow, readJson, type Edited } from './form';
import { FormContext } from './FormContext';
import { HandlerFields } from './HandlerFields';
import { deleteForm, formQuery, refreshForms, updateForm, type Form } from './queries';
import { TryPanel } from './TryPanel';

const route = getRouteApi('/signed-in/channels/$channelId/forms/$formId');
const LANGUAGES = { en: 'English', es: 'Español', pt: 'Português' } as const;

export function FormPage() {
  const { formId } = route.useParams();
  const { data: form } = useSuspenseQuery(formQuery(formId));
  return <Editor key={form.id} form={form} />;
}

function Editor({ form }: { form: Form }) {
  const { t } = useTranslation(['forms', 'channels']);
  const { data: channel } = useSuspenseQuery(channelQuery(form.channel_id));
  const isReadOnly = !useMay('flows:write');
  const client = useQueryClient();
  const [edited, setEdited] = useState<Edited>(() => editedOf(form));
  const [isDirty, setDirty] = useState(false);
  const flowJson = useMemo(() => readJson(edited.json), [edited.json]);
  const saving = useMutation({
    mutationFn: () => updateForm(form.id, bodyOf(edited, flowJson ?? {})),
    onSuccess: async (saved) => {
      setDirty(false);
      await refreshForms(client, saved);
    },
  });
  const wrong = saving.error ? asProblem(saving.error).byPath : {};
  const told = form.problems.map(({ path, code, message, params }) => ({
    path,
    text: sentence(code, message, params),
  }));
  // What the server found belongs to what is saved: rows that moved meanwhile have other places.
  const errors: Record<string, string> = isDirty
    ? wrong
    : Object.fromEntries(told.map(({ path, text }) => [path, text]));
  const { handlers } = edited;

  function set(part: Partial<Edited>) {
    setEdited((now) => ({ ...now, ...part }));
    setDirty(true);
  }

  const text = (key: 'name' | 'flow_id' | 'error_message') => ({
    value: edited[key],
    onChange: (event: { currentTarget: { value: string } }) => set({ [key]: event.currentTarget.value }),
    error: wrong[key] ?? wrong[`definition.${key}`],
    readOnly: isReadOnly,
    autoComplete: 'off',
    maw: 520,
  });

  return (
    <FormContext value={{ screens: form.screens, errors, isReadOnly }}>
      <PageHeader
        title={form.name}
        parents={[...useParents(channel), { label: t('title'), to: `/channels/${form.channel_id}/forms` }]}
      />
      <UnsavedGuard isDirty={isDirty && !saving.isPending} />
      <FormElement onSubmit={() => (flowJson === null ? undefined : saving.mutateAsync())}>
        <Stack gap="lg">
          <Problems told={told} isDirty={isDirty} />
          <Panel title={t('details.title')}>
            <TextInput label={t('common:name')} maxLength={200} required {...text('name')} />
            <TextInput label={t('metaId')} description={t('metaIdHint')} inputMode="numeric" {...text('flow_id')} />
            <Select
              label={t('details.language')}
              description={t('details.languageHint')}
              data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
              value={edited.language}
              onChange={(language) => set({ language: language as Edited['language'] })}
              allowDeselect={false}
              readOnly={isReadOnly}
              maw={320}
            />
            <TextInput
              label={t('details.error')}
              description={t('details.errorHint')}
              maxLength={1000}
              {...text('error_message')}
              maw={720}
            />
          </Panel>
          <Panel title={t('json.title')} text={t('json.text')}>
            <Textarea
              label={t('json.label')}
              value={edited.json}
              onChange={(event) => set({ json: event.currentTarget.value })}
              error={flowJson === null ? t('json.wrong') : undefined}
              readOnly={isReadOnly}
              autosize
              minRows={4}
              maxRows={16}
              spellCheck={false}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
            />
            <Screens screens={form.screens} />
          </Panel>
          <Panel title={t('handlers.title')} text={t('handlers.text')}>
            <Text size="sm" c="dimmed" className="breaks">
              {t('handlers.references')}{' '}
              <span className="mono">
                {'{{data.…}} {{token.…}} {{variables.…}} {{contact.name}} {{contact.phone}} {{outputs.…}}'}
              </span>
            </Text>
            {handlers.length === 0 ? <Text size="sm">{t('handlers.none')}</Text> : null}
            <Stack component="ul" gap="sm" m={0} p={0} aria-label={t('handlers.title')}>
              {handlers.map((handler, at) => (
                <EditedRow
                  key={handler.rowId}
                  id={handler.rowId}
                  legend={t('handlers.row', { number: at + 1 })}
                  isReadOnly={isReadOnly}
                >
                  <HandlerFields
                    path={`handlers[${at}]`}
                    handler={handler}
                    onChange={(part) => set({ handlers: replaceAt(handlers, at, { ...handler, ...part }) })}
                    buttons={
                      isReadOnly ? null : (
                        <RowButtons
                          name={t('handlers.row', { number: at + 1 })}
                          index={at}
                          count={handlers.length}
                          onMove={(by) => set({ handlers: moveRow(handlers, at, by) })}
                          onRemove={() => set({ handlers: removeAt(handlers, at) })}
                        />
                      )
                    }
                  />
                </EditedRow>
              ))}
            </Stack>
            {isReadOnly ? null : (
              <Button
                variant="default"
                leftSection={<Plus size={16} aria-hidden />}
                style={{ alignSelf: 'flex-start' }}
                onClick={() => set({ handlers: [...handlers, handlerRow()] })}
              >
                {t('handlers.add')}
              </Button>
            )}
          </Panel>
          {saving.error ? <ErrorPanel error={saving.error} /> : null}
          {isReadOnly ? null : (
            <Group gap="sm">
              <Button
                type="submit"
                loading={saving.isPending}
                disabled={!isDirty || flowJson === null || edited.name.trim() === ''}
              >
                {t('common:save')}
              </Button>
              <Text size="sm" c="dimmed" role="status">
                {isDirty ? t('common:unsavedChanges') : t('live')}
              </Text>
            </Group>
          )}
        </Stack>
      </FormElement>
      {isReadOnly ? null : (
        <Stack gap="lg" mt="lg">
          <Panel title={t('try.title')} text={t('try.text')}>
            <TryPanel formId={form.id} isDirty={isDirty} />
          </Panel>
          <Delete form={form} />
        </Stack>
      )}
    </FormContext>
  );
}

function Problems({ told, isDirty }: { told: { path: string; text: string }[]; isDirty: boolean }) {
  const { t } = useTranslation('forms');
  if (told.length === 0) return null;
  return (
    <Alert
      role="note"
      color="yellow"
      icon={<CircleAlert size={20} aria-hidden />}
      title={t('problems.title', { count: told.length })}
    >
      {isDirty ? (
        <Text size="sm">{t('problems.stale')}</Text>
      ) : (
        <List size="sm">
          {told.map(({ path, text }) => (
            <List.Item key={path + text} className="breaks">
              {text}{' '}
              <Text span size="xs" className="mono">
                {path}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}

/** What the server has read out of the JSON. */
function Screens({ screens }: { screens: Form['screens'] }) {
  const { t } = useTranslation('forms');
  if (screens.length === 0) return <Text size="sm">{t('json.noScreens')}</Text>;
  return (
    <List size="sm" aria-label={t('screens')}>
      {screens.map(({ id, title, is_asking, is_refreshed, leads_to }) => (
        <List.Item key={id} className="breaks">
          <b>{title || id}</b> <span className="mono">{id}</span>
          {leads_to.length > 0 ? ` → ${leads_to.join(', ')}` : ''}
          {is_asking ? ` · ${t('json.asks')}` : ''}
          {is_refreshed ? ` · ${t('json.refreshes')}` : ''}
        </List.Item>
      ))}
    </List>
  );
}

function Delete({ form }: { form: Form }) {
  const { t } = useTranslation('forms');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  return (
    <Panel title={t('delete.title')} text={t('delete.text')}>
      <Button
        variant="outline"
        color="red"
        leftSection={<Trash2 size={16} aria-hidden />}
        style={{ alignSelf: 'flex-start' }}
        onClick={() => setAsking(true)}
      >
        {t('delete.open')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t('delete.ask', { name: form.name })}
        text={t('delete.losses')}
        confirmLabel={t('common:delete')}
        onConfirm={async () => {
          await deleteForm(form.id);
          await refreshForms(client);
          notifications.show({ message: t('delete.done', { name: form.name }) });
          await navigate({
            to: '/channels/$channelId/forms',
            params: { channelId: form.channel_id },
            ignoreBlocker: true,
          });
        }}
      />
    </Panel>
  );
}
