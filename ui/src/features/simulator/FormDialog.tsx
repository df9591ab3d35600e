// A form as the person would fill it in: what the flow keeps of it, or anything as JSON.
import { Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Dialog, DialogForm } from '../../components/Dialog';
import { readJson } from '../forms/form';
import type { Definition } from '../flows/definition';
import { valuesOf } from './startValues';
import type { ChatMessage } from './types';

interface Props {
  message: ChatMessage;
  definition?: Definition;
  onClose: () => void;
  onSend: (form: Record<string, unknown>) => void;
}

export function FormDialog({ message, definition, onClose, onSend }: Props) {
  const { t } = useTranslation('forms');
  const block = definition?.blocks.find(({ id }) => id === message.block_id);
  const fields = (block?.type === 'form' ? block.values : []).map(({ key, identifier, type }) => ({
    key: key || identifier,
    type,
    name: key || identifier,
    default: '',
  }));
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [json, setJson] = useState('{}');
  const read = fields.length > 0 ? valuesOf(fields, typed) : { values: readJson(json), wrong: [] as string[] };
  const isReady = read.values !== null && read.wrong.length === 0;
  return (
    <Dialog onClose={onClose} title={message.label || t('answer.title')}>
      <DialogForm
        onSubmit={() => read.values && onSend(read.values)}
        onCancel={onClose}
        submitLabel={t('answer.send')}
        isReady={isReady}
      >
        <Text size="sm" c="dimmed">
          {t(fields.length > 0 ? 'answer.text' : 'answer.textJson')}
        </Text>
        {fields.map(({ key, type }, at) => (
          <TextInput
            key={key}
            label={key}
            description={t(`common:types.${type}`)}
            value={typed[key] ?? ''}
            onChange={(event) => setTyped({ ...typed, [key]: event.currentTarget.value })}
            error={read.wrong.includes(key) ? t('answer.unreadable', { type: t(`common:types.${type}`) }) : undefined}
            data-autofocus={at === 0 ? true : undefined}
            autoComplete="off"
          />
        ))}
        {fields.length === 0 ? (
          <Textarea
            label={t('answer.json')}
            value={json}
            onChange={(event) => setJson(event.currentTarget.value)}
            error={read.values === null ? t('json.wrong') : undefined}
            autosize
            minRows={4}
            maxRows={12}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
            data-autofocus
          />
        ) : null}
      </DialogForm>
    </Dialog>
  );
}
