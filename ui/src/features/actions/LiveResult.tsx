// What an output would be in the last response, while it is typed.
import { Code, Group, Text } from '@mantine/core';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { writeJson, type JsonNode } from '../responses/json';
import { pickOutput, type Answer } from '../responses/outputs';
import type { OutputRow } from './draft';
import { isThere } from './stepStates';

const MOST = 160;

export function LiveResult({ row, answer }: { row: OutputRow; answer: Answer | null }) {
  const { t } = useTranslation('actions');
  const picked = row.key === '' ? null : pickOutput(row.key, row.type, answer ?? NO_ANSWER);
  const isSilent = picked === null || (!answer && picked.result !== 'wrong_key');
  return (
    <div role="status" style={{ marginTop: isSilent ? 0 : 'var(--mantine-spacing-sm)' }}>
      {isSilent ? null : <Words picked={picked} isRequired={row.required} type={t(`common:types.${row.type}`)} />}
    </div>
  );
}

const NO_ANSWER: Answer = { status: 0, headers: [], text: null, root: null, isShape: false, candidates: null };

function Words({
  picked,
  isRequired,
  type,
}: {
  picked: ReturnType<typeof pickOutput>;
  isRequired: boolean;
  type: string;
}) {
  const { t } = useTranslation('actions');
  const isGood = isThere(picked.result);
  const Icon = isGood ? CircleCheck : TriangleAlert;
  const colour = `var(--mantine-color-${isGood ? 'jade' : 'yellow'}-text)`;
  const consequence =
    picked.result === 'wrong_key' || isGood ? '' : ` ${t(isRequired ? 'results.fails' : 'results.stays')}`;
  return (
    <Group gap={6} wrap="nowrap" align="flex-start" data-result={picked.result}>
      <Icon size={16} aria-hidden color={colour} style={{ flex: 'none', marginTop: 2 }} />
      <Text size="sm" className="breaks" style={isGood ? undefined : { color: colour }}>
        {picked.result === 'found' ? <Value node={picked.value} /> : null}
        {picked.result === 'wrong_type' ? t('results.wrong_type_value', { value: short(picked.value), type }) : null}
        {picked.result === 'wrong_key'
          ? t(picked.problem.isTooLong ? 'results.long_key' : 'results.wrong_key', {
              position: picked.problem.position,
            })
          : null}
        {picked.result === 'missing' || picked.result === 'null' || picked.result === 'hidden'
          ? t(`results.${picked.result}`)
          : null}
        {consequence}
      </Text>
    </Group>
  );
}

function Value({ node }: { node: JsonNode }) {
  const { t } = useTranslation('actions');
  return (
    <>
      {t('results.found')} <Code>{short(node)}</Code>
    </>
  );
}

function short(node: JsonNode): string {
  const text = node.kind === 'string' ? node.value : writeJson(node);
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
