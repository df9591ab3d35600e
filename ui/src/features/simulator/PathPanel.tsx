// The way a conversation took, on the flow's drawing and as a list that can be read.
import { Anchor, List, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { Loading } from '../../components/Loading';
import type { Definition } from '../flows/definition';
import { FlowDrawing } from '../flows/FlowDrawing';
import { useBlockName } from './blocks';
import { visitsOf, type Visit } from './path';
import classes from './simulator.module.css';
import type { PathStep } from '../../api/schema';

interface Props {
  definition?: Definition;
  path: PathStep[];
  blockId: string | null;
  onBlock?: (id: string) => void;
}

export function PathPanel({ definition, path, blockId, onBlock }: Props) {
  const visits = useMemo(() => visitsOf(path), [path]);
  if (!definition) return <Loading rows={3} />;
  return (
    <Stack gap="sm" h="100%">
      <div className={classes.full}>
        <div style={{ position: 'absolute', inset: 0 }}>
          <FlowDrawing definition={definition} highlighted={blockId} path={visits} onBlock={onBlock} />
        </div>
      </div>
      <Steps definition={definition} visits={visits} />
    </Stack>
  );
}

/** The blocks in the order they were walked through. */
function Steps({ definition, visits }: { definition: Definition; visits: Visit[] }) {
  const { t } = useTranslation('simulator');
  const nameOf = useBlockName(definition);
  if (visits.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('path.empty')}
      </Text>
    );
  }
  return (
    <details>
      <Anchor component="summary" size="sm" style={{ cursor: 'pointer' }}>
        {t('path.steps', { count: visits.length })}
      </Anchor>
      <List type="ordered" size="sm" mt="xs" spacing={4} pl="xs">
        {visits.map((visit) => (
          <List.Item key={visit.number} className="breaks">
            {nameOf(visit.block_id)}
          </List.Item>
        ))}
      </List>
    </details>
  );
}
