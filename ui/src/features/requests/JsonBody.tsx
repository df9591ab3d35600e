// A JSON body in one of three forms: rows for one plain object, a tree for any JSON, or its text.
import { Alert, SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../api/schema';
import type { ReferenceOption } from '../../components/TemplateField';
import {
  hasOptions,
  hasTree,
  rowsOfTree,
  slipOf,
  textOfBody,
  treeOfRows,
  type FullBody,
  type JsonView,
} from './bodies';
import { BodyTree } from './BodyTree';
import type { FieldErrors } from './errors';
import { JsonTextBody } from './JsonTextBody';
import { isSameJson, type JsonValue } from './jsonText';
import classes from './requests.module.css';
import { Rows } from './Rows';
import { duplicateKeys } from './rows';

interface Props {
  body: FullBody;
  onChange: (body: FullBody) => void;
  view: JsonView;
  onView: (view: JsonView) => void;
  references: ReferenceOption[];
  errors: FieldErrors;
  isReadOnly: boolean;
}

export function JsonBody({ body, onChange, view, onView, references, errors, isReadOnly }: Props) {
  const { t } = useTranslation('requests');
  const [left, setLeft] = useState<Row[] | null>(null); // rows as they were when a tree was made of them
  const text = textOfBody(body);
  const slip = body.type === 'raw' ? slipOf(text) : null;
  const asRows = rowsFor(body, left);
  const isTwice = body.fields ? duplicateKeys(body.fields, 'fields').size > 0 : false;
  const tuned = left && hasTree(body) ? left.filter(hasOptions).length : 0;

  function show(next: JsonView) {
    if (next === 'rows' && hasTree(body) && asRows) onChange({ type: 'json', fields: asRows });
    if (next !== 'rows' && body.fields) {
      setLeft(body.fields);
      onChange({ type: 'json', json: treeOfRows(body.fields) });
    } else if (next === 'tree' && !hasTree(body) && !slip) {
      onChange({ type: 'json', json: {} });
    }
    onView(next);
  }

  const blocked =
    view === 'text' && slip
      ? t('json.unfinished')
      : view === 'rows' && isTwice
        ? t('json.twice')
        : !asRows && view !== 'rows'
          ? t('json.notRows')
          : null;
  return (
    <>
      <div className={classes.views}>
        <SegmentedControl
          size="xs"
          aria-label={t('json.view')}
          value={view}
          onChange={(next) => show(next as JsonView)}
          readOnly={false}
          data={(['rows', 'tree', 'text'] as const).map((each) => ({
            value: each,
            label: t(`json.views.${each}`),
            disabled:
              each !== view &&
              ((slip !== null && each !== 'text') ||
                (isTwice && each !== 'rows') ||
                (each === 'rows' && !asRows) ||
                (isReadOnly && (each === 'rows' || view === 'rows'))),
          }))}
        />
        {blocked ? (
          <Text size="xs" c="dimmed">
            {blocked}
          </Text>
        ) : null}
      </div>
      {tuned > 0 && view !== 'rows' ? (
        <Alert color="gray" mb="sm" p="xs">
          {t('json.optionsLeft', { count: tuned })}
        </Alert>
      ) : null}
      {view === 'rows' && !hasTree(body) ? (
        <Rows
          kind="fields"
          title={t('json.rowsTitle')}
          rows={body.fields ?? []}
          onChange={(fields) => onChange({ type: 'json', fields })}
          references={references}
          errors={errors}
          path="body.fields"
          isReadOnly={isReadOnly}
          isTyped
        />
      ) : null}
      {view === 'tree' && hasTree(body) ? (
        <BodyTree
          value={body.json}
          onChange={(json) => onChange({ type: 'json', json })}
          references={references}
          errors={errors}
          isReadOnly={isReadOnly}
        />
      ) : null}
      {view === 'text' ? (
        <JsonTextBody body={body} onChange={onChange} references={references} errors={errors} isReadOnly={isReadOnly} />
      ) : null}
    </>
  );
}

/** The rows of a body: those it had before a tree was made of them, as long as the tree says the same. */
function rowsFor(body: FullBody, left: Row[] | null): Row[] | null {
  if (body.type === 'raw') return null;
  if (!hasTree(body)) return body.fields ?? [];
  if (left && isSameJson(body.json as JsonValue, treeOfRows(left))) return left;
  return rowsOfTree(body.json);
}
