// The line that a member writes on; it says why, where nothing can be written.
import { ActionIcon, Alert, Textarea } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { SendHorizontal } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

import type { Conversation } from '../../api/schema';
import { useMay } from '../../api/session';
import { ErrorPanel } from '../../components/ErrorPanel';
import { exact } from '../../components/When';
import chat from '../simulator/chat.module.css';
import { useWriting } from './queries';

export function Writer({ conversation }: { conversation: Conversation }) {
  const { t, i18n } = useTranslation('inbox');
  const mayWrite = useMay('conversations:write');
  const [text, setText] = useState('');
  const [now, setNow] = useState(Date.now);
  useInterval(() => setNow(Date.now()), 15_000, { autoInvoke: true });
  const writing = useWriting(conversation.id);
  if (!mayWrite || conversation.status !== 'with_agent') return null;
  const until = conversation.window_until;
  const isShut = until !== null && Date.parse(until) < now;
  if (isShut)
    return (
      <Alert color="yellow" radius={0} title={t('shut')}>
        {t('shutText')}
      </Alert>
    );

  function send() {
    const line = text.trim();
    if (line === '' || writing.isPending) return;
    setText('');
    writing.mutate({ text: line }, { onError: () => setText((typed) => (typed === '' ? line : typed)) });
  }

  function press(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <>
      {writing.isError ? <ErrorPanel error={writing.error} /> : null}
      {until === null ? null : (
        <div className={chat.notice}>{t('until', { at: exact(until, i18n.resolvedLanguage ?? 'en') })}</div>
      )}
      <form
        className={chat.composer}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Textarea
          aria-label={t('write')}
          placeholder={t('write')}
          variant="unstyled"
          autosize
          minRows={1}
          maxRows={5}
          maxLength={4096}
          value={text}
          style={{ flex: 1 }}
          styles={{ input: { padding: '8px 14px' } }}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={press}
        />
        <ActionIcon type="submit" size={38} radius="xl" variant="filled" color="jade" aria-label={t('send')}>
          <SendHorizontal size={18} />
        </ActionIcon>
      </form>
    </>
  );
}
