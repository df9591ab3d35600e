// The line to write on: text, a file, a place. Enter sends, Shift and Enter begin a new line.
import { ActionIcon, Menu, Textarea } from '@mantine/core';
import { MapPin, Paperclip, Plus, SendHorizontal } from 'lucide-react';
import { useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './chat.module.css';
import { factsOf, previewOf } from './files';
import { PlaceDialog } from './PlaceDialog';
import type { Said } from './types';

interface Props {
  /** Sends, and tells whether it arrived: what did not comes back to the line. */
  onSend: (said: Said, line: string, preview?: string, file?: File) => Promise<boolean>;
  isPlaceOpen: boolean;
  onPlaceOpen: (isOpen: boolean) => void;
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  onText: (text: string) => void;
}

export function Composer({ onSend, isPlaceOpen, onPlaceOpen, field, text, onText }: Props) {
  const { t } = useTranslation('simulator');
  const picker = useRef<HTMLInputElement>(null);
  const [isReading, setReading] = useState(false);

  async function submit() {
    const line = text.trim();
    field.current?.focus();
    if (line === '') return;
    onText('');
    if (!(await onSend({ text: line }, line)) && field.current?.value === '') onText(line);
  }

  async function attach(file: File) {
    setReading(true);
    const caption = text.trim();
    const media = { ...factsOf(file), ...(caption ? { caption } : {}) };
    const preview = await previewOf(file);
    setReading(false);
    onText('');
    field.current?.focus();
    if (!(await onSend({ media }, caption, preview, file)) && field.current?.value === '') onText(caption);
  }

  function press(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void submit();
  }

  return (
    <>
      <form
        className={classes.composer}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Menu position="top-start" shadow="md">
          <Menu.Target>
            <ActionIcon size={36} radius="xl" aria-label={t('composer.attach')} loading={isReading}>
              <Plus size={20} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Paperclip size={16} aria-hidden />} onClick={() => picker.current?.click()}>
              {t('composer.file')}
            </Menu.Item>
            <Menu.Item leftSection={<MapPin size={16} aria-hidden />} onClick={() => onPlaceOpen(true)}>
              {t('composer.place')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <input
          ref={picker}
          type="file"
          hidden
          aria-label={t('composer.file')}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (file) void attach(file);
          }}
        />
        <Textarea
          ref={field}
          variant="unstyled"
          aria-label={t('composer.message')}
          placeholder={t('composer.message')}
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
          onKeyDown={press}
          minRows={1}
          maxRows={5}
          maxLength={4096}
          flex={1}
          enterKeyHint="send"
          styles={{ input: { padding: '7px 14px', minHeight: 36 } }}
        />
        <ActionIcon type="submit" size={36} radius="xl" variant="filled" color="jade" aria-label={t('composer.send')}>
          <SendHorizontal size={18} />
        </ActionIcon>
      </form>
      <PlaceDialog
        isOpen={isPlaceOpen}
        onClose={() => onPlaceOpen(false)}
        onSend={(location, line) => {
          onPlaceOpen(false);
          void onSend({ location }, line);
        }}
      />
    </>
  );
}
