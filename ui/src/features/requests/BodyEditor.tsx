// The body of a request: none, JSON, a form, a multipart form, or any text.
import { Alert, Autocomplete, Button, SegmentedControl, Stack, Text } from '@mantine/core';
import { memo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { TemplateField, type ReferenceOption } from '../../components/TemplateField';
import { isUnfinishedJson, switched, viewOf, type FullBody, type JsonView, type Kept } from './bodies';
import { errorAt, type FieldErrors } from './errors';
import { CONTENT_TYPES, isJsonType } from './headerNames';
import { JsonBody } from './JsonBody';
import { BODILESS, BODY_TYPES, BODY_UNUSUAL, type BodyType, type Method } from './request';
import classes from './requests.module.css';
import { Rows } from './Rows';
import { Section } from './Section';

interface Props {
  method: Method;
  body: FullBody;
  onChange: (body: FullBody) => void;
  references: ReferenceOption[];
  errors: FieldErrors;
  isReadOnly: boolean;
}

export const BodyEditor = memo(function BodyEditor({ method, body, onChange, references, errors, isReadOnly }: Props) {
  const { t } = useTranslation('requests');
  const [sent, setSent] = useState(body);
  const [mode, setMode] = useState<BodyType>(() => modeOf(body));
  const [view, setView] = useState<JsonView>(() => viewOf(body));
  const kept = useRef<Kept>({});
  if (body !== sent) {
    // changed elsewhere: undone, imported, or loaded again
    setSent(body);
    if (JSON.stringify(body) !== JSON.stringify(sent)) {
      setMode(modeOf(body));
      setView(modeOf(body) === 'json' ? viewOf(body) : 'rows');
    }
  }

  function change(next: FullBody) {
    setSent(next);
    onChange(next);
  }

  function choose(type: BodyType) {
    kept.current = { ...kept.current, [mode]: body };
    const next = switched(body, type, kept.current);
    setMode(type);
    if (type === 'json') setView(viewOf(next));
    change(next);
  }

  const said = errorAt(errors, 'body');
  const isForbidden = BODILESS.has(method);
  return (
    <Section title={t('body.title')}>
      <Stack gap="sm">
        {isForbidden && mode === 'none' ? (
          <Text size="sm" c="dimmed">
            {t('body.bodiless', { method })}
          </Text>
        ) : (
          <SegmentedControl
            aria-label={t('body.type')}
            value={mode}
            onChange={(type) => choose(type as BodyType)}
            disabled={isReadOnly}
            className={classes.types}
            data={BODY_TYPES.map((type) => ({ value: type, label: t(`body.types.${type}`) }))}
          />
        )}
        {isForbidden && mode !== 'none' ? (
          <Alert color="yellow" p="sm">
            <Text size="sm">{t('body.forbidden', { method })}</Text>
            <Button size="compact-sm" variant="default" mt={6} disabled={isReadOnly} onClick={() => choose('none')}>
              {t('body.drop')}
            </Button>
          </Alert>
        ) : null}
        {!isForbidden && mode !== 'none' && BODY_UNUSUAL.has(method) ? (
          <Text size="sm" c="var(--mantine-color-yellow-text)">
            {t('body.unusual', { method })}
          </Text>
        ) : null}
        {isForbidden && mode === 'none' ? null : (
          <Text size="sm" c="dimmed">
            {t(`body.hints.${mode}`)}
          </Text>
        )}
        {said.error ? (
          <Text size="xs" c="var(--mantine-color-error)">
            {said.error}
          </Text>
        ) : null}
        {mode === 'json' ? (
          <JsonBody
            body={body}
            onChange={change}
            view={view}
            onView={setView}
            references={references}
            errors={errors}
            isReadOnly={isReadOnly}
          />
        ) : null}
        {mode === 'form' || mode === 'multipart' ? (
          <Rows
            key={mode}
            kind="fields"
            title={t('body.fields')}
            rows={body.fields ?? []}
            onChange={(fields) => change({ type: mode, fields })}
            references={references}
            errors={errors}
            path="body.fields"
            isReadOnly={isReadOnly}
            canBeFile={mode === 'multipart'}
          />
        ) : null}
        {mode === 'raw' ? (
          <RawBody body={body} onChange={change} references={references} errors={errors} isReadOnly={isReadOnly} />
        ) : null}
      </Stack>
    </Section>
  );
});

/** The form a body is shown in: a JSON text that is not finished is still JSON to its author. */
function modeOf(body: FullBody): BodyType {
  return isUnfinishedJson(body) ? 'json' : body.type;
}

function RawBody({ body, onChange, references, errors, isReadOnly }: Omit<Props, 'method'>) {
  const { t } = useTranslation('requests');
  const type = body.content_type ?? '';
  const said = errorAt(errors, 'body.content_type');
  return (
    <Stack gap="sm">
      <Autocomplete
        label={t('body.contentType')}
        description={t('body.contentTypeHint')}
        inputWrapperOrder={['label', 'description', 'input', 'error']}
        data={CONTENT_TYPES}
        value={type}
        onChange={(content_type) => onChange({ ...body, content_type })}
        readOnly={isReadOnly}
        error={said.error ?? said.softError}
        maw={420}
        aria-label={t('body.contentType')}
      />
      <TemplateField
        label={t('body.text')}
        value={body.text ?? ''}
        onChange={(text) => onChange({ ...body, text })}
        references={references}
        isMultiline
        language={isJsonType(type) ? 'json' : 'text'}
        readOnly={isReadOnly}
        {...errorAt(errors, 'body.text')}
      />
    </Stack>
  );
}
