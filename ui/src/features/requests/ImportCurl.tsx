// Makes a request of a cURL command: what it says, what it cannot, and where its keys belong.
import { Alert, Button, Group, List, Stack, Text, Textarea } from '@mantine/core';
import { Info } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { AuthField } from '../../api/schema';
import { MethodBadge } from '../../components/badges';
import { Dialog } from '../../components/Dialog';
import type { Note } from './curl/notes';
import { parseCurl, type CurlImport, type Names } from './curl/parse';
import { placeSecrets, type Choice } from './curl/secrets';
import { FoundSecrets, firstChoice, type Decision } from './FoundSecrets';
import type { FullRequest } from './request';

interface Props {
  /** What was pasted into the endpoint; empty where the dialog was opened by its button. */
  command: string;
  names: Names;
  authFields: AuthField[];
  isKeyInUrlAllowed: boolean;
  canMakeFields: boolean;
  onClose: () => void;
  onImport: (request: FullRequest, made: { identifier: string; value: string }[], found: CurlImport) => void;
}

export function ImportCurl({ command, names, authFields, isKeyInUrlAllowed, canMakeFields, onClose, onImport }: Props) {
  const { t } = useTranslation('requests');
  const [text, setText] = useState(command);
  const found = useMemo(() => parseCurl(text, names), [text, names]);
  const [decided, setDecided] = useState<Record<number, Decision>>({});
  const decisions = (found?.secrets ?? []).map(
    (secret) => decided[secret.id] ?? firstChoice(secret, authFields, canMakeFields, isKeyInUrlAllowed),
  );
  const isWrong = decisions.some((decision) => decision.is === 'new' && decision.slip !== null);

  function apply() {
    if (!found || isWrong) return;
    const made = found.secrets.flatMap((secret) => {
      const decision = decisions[secret.id]!;
      return decision.is === 'new' ? [{ identifier: decision.identifier, value: secret.value }] : [];
    });
    onImport(placeSecrets(found.request, found.secrets, decisions.map(choiceOf)), made, found);
  }

  return (
    <Dialog onClose={onClose} size="lg" title={t('curl.title')}>
      <Stack gap="md">
        {command === '' ? (
          <Textarea
            label={t('curl.command')}
            description={t('curl.commandHint')}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setDecided({});
            }}
            minRows={5}
            maxRows={14}
            autosize
            spellCheck={false}
            autoComplete="off"
            data-autofocus
            placeholder={"curl https://api.example.com/v1/orders -H 'X-Api-Key: …'"}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
            error={text.trim() !== '' && !found ? t('curl.notCurl') : undefined}
          />
        ) : null}
        {found ? (
          <>
            <Summary found={found} />
            {found.secrets.length > 0 ? (
              <FoundSecrets
                secrets={found.secrets}
                decisions={decisions}
                authFields={authFields}
                canMakeFields={canMakeFields}
                isKeyInUrlAllowed={isKeyInUrlAllowed}
                onDecide={(id, decision) => setDecided({ ...decided, [id]: decision })}
              />
            ) : null}
            {found.notes.length > 0 ? (
              <Alert color="gray" icon={<Info size={18} aria-hidden />} title={t('curl.notes')}>
                <CurlNotes notes={found.notes} />
              </Alert>
            ) : null}
          </>
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button disabled={!found || isWrong} onClick={apply} data-autofocus={command !== '' || undefined}>
            {t('curl.import')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function choiceOf(decision: Decision): Choice {
  if (decision.is === 'new' || decision.is === 'field') return { is: 'field', identifier: decision.identifier };
  return { is: decision.is };
}

function Summary({ found }: { found: CurlImport }) {
  const { t } = useTranslation('requests');
  const { method, endpoint, query, headers, body } = found.request;
  const parts = [
    query.length > 0 ? t('curl.query', { count: query.length }) : '',
    headers.length > 0 ? t('curl.headers', { count: headers.length }) : '',
    body.type === 'none' ? '' : t('curl.body', { type: t(`body.types.${body.type}`) }),
  ].filter(Boolean);
  return (
    <div>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <MethodBadge method={method} mt={2} flex="none" />
        <Text size="sm" ff="monospace" className="breaks">
          {endpoint}
        </Text>
      </Group>
      {parts.length > 0 ? (
        <Text size="sm" c="dimmed" mt={4}>
          {parts.join(' · ')}
        </Text>
      ) : null}
    </div>
  );
}

/** What the command said that the request does not. */
export function CurlNotes({ notes }: { notes: Note[] }) {
  const { t } = useTranslation('requests');
  return (
    <List size="sm" spacing={4}>
      {notes.map((note) => (
        <List.Item key={note.code} className="breaks">
          {t(`curl.note.${note.code}`, { words: note.words.join(', '), count: note.words.length })}
        </List.Item>
      ))}
    </List>
  );
}
