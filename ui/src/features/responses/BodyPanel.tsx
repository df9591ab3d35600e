// The body of a response: as a tree where it is JSON, as text where it is not, and in words where it is neither.
import { Alert, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { Info } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Candidate, ResponseShown } from '../../api/schema';
import { CodeBlock } from '../../components/CodeBlock';
import { JsonTree } from '../requests/JsonTree';
import { candidateAt } from './candidates';
import { parseJson } from './json';
import { isShapeOnly, noteKey } from './notes';

interface Props {
  response: ResponseShown;
  onPick?: (candidate: Candidate) => void;
  picked: ReadonlySet<string>;
}

export function BodyPanel({ response, onPick, picked }: Props) {
  const { t } = useTranslation('responses');
  const [wanted, setWanted] = useState<'tree' | 'raw'>('tree');
  const notes = response.notes ?? [];
  const isText = response.body_encoding !== 'base64';
  const body = response.body ?? '';
  const root = useMemo(
    () => (isText && !response.is_truncated && body !== '' ? parseJson(body) : null),
    [isText, response.is_truncated, body],
  );
  const isShape = isShapeOnly(notes);
  const remarks = notes.map((note) => (noteKey(note) ? t(`notes.${noteKey(note)}`) : note));
  if (response.is_truncated) remarks.push(t('notes.truncated'));
  if (!isText) remarks.push(t('notes.binary'));
  if (isText && !root && !response.is_truncated && body !== '' && !isShape && claimsJson(response))
    remarks.push(t('notes.notJson'));

  const choice = (
    <SegmentedControl
      size="xs"
      aria-label={t('body.show')}
      value={wanted}
      onChange={setWanted}
      data={[
        { value: 'tree', label: t('body.tree') },
        { value: 'raw', label: t('body.raw') },
      ]}
    />
  );

  return (
    <Stack gap="sm">
      {remarks.map((remark) => (
        <Alert key={remark} color="blue" variant="light" p="xs" icon={<Info size={18} aria-hidden />}>
          {remark}
        </Alert>
      ))}
      {body === '' ? (
        remarks.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('body.empty')}
          </Text>
        ) : null
      ) : (
        <>
          {root && wanted === 'tree' ? (
            <JsonTree
              root={root}
              label={t('body.label')}
              picked={picked}
              tools={choice}
              onPick={onPick ? (segments, node) => onPick(candidateAt(segments, node, isShape)) : undefined}
            />
          ) : (
            <>
              {root ? <Group justify="flex-end">{choice}</Group> : null}
              <CodeBlock text={body} label={t('body.label')} maxHeight={440} />
            </>
          )}
        </>
      )}
    </Stack>
  );
}

function claimsJson({ headers }: ResponseShown): boolean {
  const type = headers.find(({ key }) => key.toLowerCase() === 'content-type')?.value ?? '';
  return /^(?:(?:application|text)\/json|[^/]+\/[^/;]+\+json)\b/i.test(type);
}
