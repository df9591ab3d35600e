// Edits one request: method, endpoint, query, body, headers and the rest, with the bytes it makes beside it.
import { Alert, Box, Button, Group, Stack, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Check, ClipboardPaste, Copy, TriangleAlert, Undo2 } from 'lucide-react';
import { memo, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

import type { AuthField, Input, Request, Row } from '../../api/schema';
import { announce } from '../../components/TemplateField/announce';
import { Advanced } from './Advanced';
import { BodyEditor } from './BodyEditor';
import type { FullBody } from './bodies';
import { parseCurl, type CurlImport } from './curl/parse';
import { writeCurl } from './curl/write';
import { EndpointField } from './EndpointField';
import { errorAt, softErrors, stillTrue, type FieldErrors } from './errors';
import { CurlNotes, ImportCurl } from './ImportCurl';
import { MethodSelect } from './MethodSelect';
import { PreviewPanel } from './PreviewPanel';
import { useLivePreview, type Values } from './queries';
import { referenceOptions, type Place } from './references';
import { fullRequest, isUntouched, namedInputs, type FullRequest, type Method } from './request';
import classes from './requests.module.css';
import { Rows } from './Rows';
import { sampleText, samplesFor } from './samples';
import { useHandingOver } from './useHandingOver';
import { useStable } from './useStable';
import { useSteady } from './useSteady';

interface Props {
  integrationId: string;
  value: Request;
  onChange: (value: Request) => void;
  inputs: Input[];
  authFields: AuthField[];
  /** By path relative to the request: `endpoint`, `query[0].value`, `body.json.a.b[0]`. */
  errors: Record<string, string>;
  isReadOnly?: boolean;
  isKeyInUrlAllowed?: boolean;
  /** By input key, for the preview. */
  sampleValues?: Values;
  /** A key found in a pasted cURL command: handed over once, and not kept here. */
  onNewAuthField?: (identifier: string, value: string) => void;
}

interface Undoable {
  before: FullRequest;
  after: FullRequest;
  found: CurlImport;
}

const NO_VALUES: Values = {};

export function RequestEditor({
  integrationId,
  value,
  onChange,
  inputs,
  authFields,
  errors,
  isReadOnly = false,
  isKeyInUrlAllowed = false,
  sampleValues = NO_VALUES,
  onNewAuthField,
}: Props) {
  const { t } = useTranslation('requests');
  const request = useMemo(() => fullRequest(value), [value]);
  const steady = useSteady(request);
  const steadyInputs = useSteady(namedInputs(inputs));
  const steadyFields = useSteady(authFields);
  const [typed, setTyped] = useState<Values>(NO_VALUES);
  const values = useSteady(samplesFor(steadyInputs, sampleValues, typed));
  const preview = useLivePreview(integrationId, steadyInputs, steady, values);
  const found = useFieldErrors(errors, request, preview.problems);
  const [command, setCommand] = useState<string | null>(null);
  const [undoable, setUndoable] = useState<Undoable | null>(null);
  const hand = useHandingOver(authFields, onNewAuthField);
  const latest = useRef(request);
  useLayoutEffect(() => {
    latest.current = request;
  }, [request]);

  const change = useStable((part: Partial<FullRequest>) => {
    latest.current = { ...latest.current, ...part };
    onChange(latest.current);
  });
  const setMethod = useStable((next: Method) => change({ method: next }));
  const setEndpoint = useStable((endpoint: string) => change({ endpoint }));
  const moveQuery = useStable((endpoint: string, rows: Row[]) => {
    change({ endpoint, query: [...latest.current.query, ...rows] });
    announce(t('endpoint.moved', { count: rows.length }));
  });
  const setQuery = useStable((query: Row[]) => change({ query }));
  const setHeaders = useStable((headers: Row[]) => change({ headers }));
  const setBody = useStable((body: FullBody) => change({ body }));

  const { method } = request;
  const options = useMemo(() => {
    const at = (place: Place) => referenceOptions(steadyInputs, steadyFields, place, method, isKeyInUrlAllowed);
    return { endpoint: at('endpoint'), query: at('query'), header: at('header'), body: at('body') };
  }, [steadyInputs, steadyFields, method, isKeyInUrlAllowed]);
  const names = useMemo(
    () => ({ inputs: steadyInputs.map((input) => input.key), auth: steadyFields.map((field) => field.identifier) }),
    [steadyInputs, steadyFields],
  );

  function take(next: FullRequest, from: CurlImport) {
    if (!isUntouched(request) || from.notes.length > 0) setUndoable({ before: request, after: next, found: from });
    change(next);
    announce(t('curl.done'));
  }

  /** A pasted command: at once where there is nothing to decide. */
  const paste = useStable((text: string) => {
    const read = parseCurl(text, names);
    if (read && read.secrets.length === 0) take(read.request, read);
    else setCommand(text);
  });
  const open = useStable(() => setCommand(''));

  const asCurl = useStable(() =>
    writeCurl(request, {
      typeOf: (reference) =>
        (reference.group === 'inputs' ? inputs.find((input) => input.key === reference.name)?.type : 'string') ??
        'string',
      isAmbiguous: (name) => names.inputs.includes(name) && names.auth.includes(name),
      values: Object.fromEntries(Object.entries(values).map(([key, sample]) => [key, sampleText(sample)])),
    }),
  );

  return (
    <Box className={classes.layout} onKeyDown={keepForm}>
      <Stack gap="xl" className={classes.main}>
        <div>
          <div className={classes.line}>
            <MethodSelect
              value={method}
              onChange={setMethod}
              isReadOnly={isReadOnly}
              error={found.hard.method ?? found.soft.method}
            />
            <EndpointField
              value={request.endpoint}
              onChange={setEndpoint}
              onMoveQuery={moveQuery}
              onCurl={paste}
              references={options.endpoint}
              isReadOnly={isReadOnly}
              {...errorAt(found, 'endpoint')}
            />
          </div>
          <MethodNote method={method} />
          <CurlButtons isReadOnly={isReadOnly} canCopy={request.endpoint !== ''} onOpen={open} write={asCurl} />
          <div role="status">
            {undoable ? (
              <Alert
                color="jade"
                mt="xs"
                title={t('curl.done')}
                withCloseButton
                onClose={() => setUndoable(null)}
                closeButtonLabel={t('common:close')}
              >
                <Stack gap="xs" align="flex-start">
                  {undoable.found.notes.length > 0 ? <CurlNotes notes={undoable.found.notes} /> : null}
                  {isSameRequest(undoable.after, request) ? (
                    <Button
                      size="compact-sm"
                      variant="default"
                      leftSection={<Undo2 size={14} aria-hidden />}
                      onClick={() => {
                        change(undoable.before);
                        setUndoable(null);
                      }}
                    >
                      {t('curl.undo')}
                    </Button>
                  ) : null}
                </Stack>
              </Alert>
            ) : null}
          </div>
        </div>
        <Rows
          kind="query"
          title={t('query.title')}
          hint={t('query.hint')}
          rows={request.query}
          onChange={setQuery}
          references={options.query}
          errors={found}
          path="query"
          isReadOnly={isReadOnly}
        />
        <BodyEditor
          method={method}
          body={request.body}
          onChange={setBody}
          references={options.body}
          errors={found}
          isReadOnly={isReadOnly}
        />
        <Rows
          kind="headers"
          title={t('headers.title')}
          hint={t('headers.hint')}
          rows={request.headers}
          onChange={setHeaders}
          references={options.header}
          errors={found}
          path="headers"
          isReadOnly={isReadOnly}
        />
        <Advanced
          timeout={request.timeout_seconds ?? null}
          isFollowing={request.follow_redirects}
          header={request.idempotency_header ?? null}
          onChange={change}
          errors={found}
          isReadOnly={isReadOnly}
        />
      </Stack>
      <div className={classes.side}>
        <PreviewPanel
          integrationId={integrationId}
          inputs={steadyInputs}
          preview={preview}
          values={values}
          onValues={setTyped}
        />
      </div>
      {command !== null ? (
        <ImportCurl
          command={command}
          names={names}
          authFields={authFields}
          isKeyInUrlAllowed={isKeyInUrlAllowed}
          canMakeFields={onNewAuthField !== undefined}
          onClose={() => setCommand(null)}
          onImport={(next, made, from) => {
            setCommand(null);
            hand(made);
            take(next, from);
          }}
        />
      ) : null}
    </Box>
  );
}

/** Whether nothing was edited since an import; else undoing it would take more than the import back. */
function isSameRequest(one: FullRequest, other: FullRequest): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Enter in a field of this editor does not send the form around it. */
function keepForm(event: KeyboardEvent) {
  if (
    event.key === 'Enter' &&
    event.target instanceof HTMLInputElement &&
    !['checkbox', 'radio'].includes(event.target.type)
  )
    event.preventDefault();
}

function useFieldErrors(
  errors: Record<string, string>,
  request: FullRequest,
  problems: Parameters<typeof softErrors>[0],
): FieldErrors {
  const said = useSteady(errors);
  const [refused, setRefused] = useState({ said, request });
  if (refused.said !== said) setRefused({ said, request });
  const hard = useSteady(stillTrue(refused.said, refused.request, request));
  const soft = useMemo(() => softErrors(problems), [problems]);
  return useMemo(() => ({ hard, soft }), [hard, soft]);
}

interface CurlButtonsProps {
  isReadOnly: boolean;
  /** Whether there is a request to copy yet. */
  canCopy: boolean;
  onOpen: () => void;
  write: () => string;
}

const CurlButtons = memo(function CurlButtons({ isReadOnly, canCopy, onOpen, write }: CurlButtonsProps) {
  const { t } = useTranslation('requests');
  const { copy, copied } = useClipboard({ timeout: 2_000 });
  const look = { size: 'compact-sm', variant: 'subtle', color: 'gray' } as const;
  return (
    <Group gap={4} mt={8}>
      {isReadOnly ? null : (
        <Button {...look} leftSection={<ClipboardPaste size={14} aria-hidden />} onClick={onOpen}>
          {t('curl.open')}
        </Button>
      )}
      {canCopy ? (
        <Button
          {...look}
          leftSection={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
          onClick={() => {
            copy(write());
            announce(t('curl.copied'));
          }}
        >
          {copied ? t('common:copied') : t('curl.copy')}
        </Button>
      ) : null}
    </Group>
  );
});

const MethodNote = memo(function MethodNote({ method }: { method: Method }) {
  const { t } = useTranslation('requests');
  return (
    <div role="status">
      {method === 'CONNECT' || method === 'TRACE' ? (
        <Alert color="yellow" mt="xs" p="sm" icon={<TriangleAlert size={18} aria-hidden />}>
          <Text size="sm">{t(`method.note.${method}`)}</Text>
        </Alert>
      ) : null}
    </div>
  );
});
