// The phone: who one talks with, what was said, and the line to write on.
import { ActionIcon, Button, CloseButton, Tooltip } from '@mantine/core';
import { FlaskConical, RotateCcw, WifiOff } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Definition } from '../flows/definition';
import { Between } from './Between';
import classes from './chat.module.css';
import { Composer } from './Composer';
import { FormDialog } from './FormDialog';
import { ListSheet } from './ListSheet';
import { happeningsOf } from './path';
import { offered } from './transcript';
import { Transcript } from './Transcript';
import type { ChatMessage } from './types';
import type { Simulating } from './useSimulator';

interface Props {
  simulating: Simulating;
  flowName: string;
  definition?: Definition;
  onOpenCall: (visit: number) => void;
  /** What stands between the head and the messages. */
  banner?: ReactNode;
  text: string;
  onText: (text: string) => void;
}

export function Chat({ simulating, flowName, definition, onOpenCall, banner, text, onText }: Props) {
  const { t } = useTranslation('simulator');
  const field = useRef<HTMLTextAreaElement>(null);
  const again = useRef<HTMLButtonElement>(null);
  const opener = useRef<HTMLElement | null>(null);
  const isTalking = useRef(false);
  const [list, setList] = useState<ChatMessage | null>(null);
  const [form, setForm] = useState<ChatMessage | null>(null);
  const [isPlaceOpen, setPlaceOpen] = useState(false);
  const { messages, send, hasEnded, isBusy, problem, restart } = simulating;
  const happenings = happeningsOf(simulating.details.data?.path ?? []);
  const asIfCount = Object.keys(simulating.asIfs).length;

  const reply = useCallback(
    (message: ChatMessage, id: string) => {
      const title = offered(message).find((each) => each.id === id)?.title ?? '';
      writeNext(field.current);
      isTalking.current = true;
      void send({ reply_id: id, reply_to: message.id }, title);
    },
    [send],
  );
  // The line and the button that takes its place hand the focus to each other.
  useEffect(() => {
    // Whose focus is elsewhere by now keeps it there.
    if (!isTalking.current || (document.activeElement ?? document.body) !== document.body) return;
    if (hasEnded) again.current?.focus();
    else writeNext(field.current);
  }, [hasEnded]);
  const open = useCallback((message: ChatMessage) => {
    if (message.type === 'location_request') return setPlaceOpen(true);
    if (message.type === 'form') return setForm(message);
    opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    return setList(message);
  }, []);

  function close() {
    setList(null);
    opener.current?.focus();
  }

  return (
    <section className={classes.phone} aria-label={t('chat.with', { name: flowName })}>
      <div className={classes.bar}>
        <span className={classes.face} aria-hidden>
          {[...flowName.trim()][0]?.toUpperCase() ?? '?'}
        </span>
        <div className={classes.who}>
          <div className={classes.name}>{flowName}</div>
          <div className={classes.state}>{stateOf(simulating, t)}</div>
        </div>
        <Tooltip label={t('restart')}>
          <ActionIcon size={36} variant="transparent" onClick={() => void restart()} aria-label={t('restart')}>
            <RotateCcw size={18} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.notice}>
        <WifiOff size={13} aria-hidden style={{ flex: 'none' }} /> {t('notSent')}
      </div>
      {asIfCount > 0 ? (
        <div className={classes.notice}>
          <FlaskConical size={13} aria-hidden style={{ flex: 'none' }} /> {t('asIf.on', { count: asIfCount })}
        </div>
      ) : null}
      {banner}
      <Transcript
        messages={messages}
        happenings={happenings}
        side="person"
        label={t('chat.messages')}
        previews={simulating.previews}
        onReply={hasEnded ? undefined : reply}
        onOpenList={hasEnded ? undefined : open}
        renderHappening={(happening) => (
          <Between happening={happening} definition={definition} onOpenCall={onOpenCall} />
        )}
      >
        {isBusy ? <Typing /> : null}
        {hasEnded ? <div className={classes.pill}>{t(`ends.${simulating.status}`, { defaultValue: '' })}</div> : null}
      </Transcript>
      <div role="alert">
        {problem ? (
          <div className={classes.notice} data-problem>
            <span style={{ flex: 1 }}>{problem.text}</span>
            <CloseButton size="sm" onClick={simulating.dismiss} aria-label={t('common:close')} />
          </div>
        ) : null}
      </div>
      {hasEnded ? (
        <div className={classes.ended}>
          <Button
            ref={again}
            size="sm"
            radius="xl"
            leftSection={<RotateCcw size={16} aria-hidden />}
            onClick={() => void restart()}
          >
            {t('startAgain')}
          </Button>
        </div>
      ) : (
        <Composer
          onSend={(said, line, preview, file) => {
            isTalking.current = true;
            return send(said, line, preview, file);
          }}
          isPlaceOpen={isPlaceOpen}
          onPlaceOpen={setPlaceOpen}
          field={field}
          text={text}
          onText={onText}
        />
      )}
      {form ? (
        <FormDialog
          message={form}
          definition={definition}
          onClose={() => setForm(null)}
          onSend={(answers) => {
            setForm(null);
            isTalking.current = true;
            void send({ form: answers }, '');
          }}
        />
      ) : null}
      {list ? (
        <ListSheet
          message={list}
          onClose={close}
          onChoose={(id) => {
            setList(null);
            reply(list, id);
          }}
        />
      ) : null}
    </section>
  );
}

/** Whoever types goes on typing; on a touch screen the keyboard stays down. */
function writeNext(field: HTMLTextAreaElement | null) {
  if (window.matchMedia('(hover: hover)').matches) field?.focus();
}

function stateOf({ isBusy, status }: Simulating, t: (key: string) => string): string {
  if (isBusy) return t('chat.typing');
  return status === 'with_agent' ? t('chat.withAgent') : t('chat.online');
}

function Typing() {
  const { t } = useTranslation('simulator');
  return (
    <div className={classes.row} data-mine={false} data-first>
      <div className={classes.bubble} style={{ minWidth: 0 }}>
        <span className={classes.typing}>
          <span className={classes.dot} />
          <span className={classes.dot} />
          <span className={classes.dot} />
        </span>
        <span className="sr-only">{t('chat.typing')}</span>
      </div>
    </div>
  );
}
