// The flow's name, to be changed where it stands.
import { TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import classes from './flows.module.css';
import { flowQuery, refreshFlows, renameFlow, type Flow } from './queries';

export function NameField({ flow }: { flow: Flow }) {
  const { t } = useTranslation('flows');
  const client = useQueryClient();
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState('');

  async function keep() {
    const name = typed?.trim();
    if (!name || name === flow.name) {
      setTyped(null);
      setError('');
      return;
    }
    try {
      client.setQueryData(flowQuery(flow.id).queryKey, await renameFlow(flow.id, { name }));
      setTyped(null);
      setError('');
      await refreshFlows(client);
    } catch (problem) {
      const text = asProblem(problem).text;
      setError(text);
      notifications.show({ color: 'red', message: text });
    }
  }

  return (
    <>
      <h1 className="sr-only">{flow.name}</h1>
      <TextInput
        className={classes.nameField}
        classNames={{ input: classes.nameInput }}
        aria-label={t('tools.name')}
        value={typed ?? flow.name}
        error={error !== ''}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => void keep()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') {
            event.stopPropagation();
            setTyped(null);
          }
        }}
      />
    </>
  );
}
