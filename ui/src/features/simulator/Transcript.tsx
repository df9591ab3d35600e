// A conversation as a chat shows it, for who takes part and for who reads it later; new messages are read out.
import { Fragment, useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './chat.module.css';
import { MessageBubble } from './MessageBubble';
import { entries, lineOf, promptOf, type Happening } from './transcript';
import type { ChatMessage } from './types';

interface Props {
  messages: ChatMessage[];
  happenings: Happening[];
  /** Which side looks at it: the person's messages stand at the right, or the business's. */
  side: 'person' | 'business';
  label: string;
  renderHappening: (happening: Happening) => ReactNode;
  onReply?: (message: ChatMessage, id: string) => void;
  onOpenList?: (message: ChatMessage) => void;
  previews?: ReadonlyMap<string, string>;
  /** Stands at the foot, and is not read out with the messages. */
  children?: ReactNode;
}

export function Transcript(props: Props) {
  const { messages, happenings, side, label, renderHappening, onReply, onOpenList, previews, children } = props;
  const { t, i18n } = useTranslation('simulator');
  const log = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const mine = side === 'person' ? 'in' : 'out';
  const shown = entries(messages, happenings);

  useEffect(() => {
    const box = log.current;
    if (box && isAtEnd.current) box.scrollTop = box.scrollHeight;
  });

  return (
    // A region that scrolls is reached by keys; messages are read out as they come.
    <div
      ref={log}
      className={classes.log}
      role="log"
      aria-live="polite"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onScroll={({ currentTarget: box }) => {
        isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
      }}
    >
      {shown.map((entry) => {
        switch (entry.kind) {
          case 'day':
            return (
              <div key={entry.key} className={classes.pill} data-kind="day">
                {new Intl.DateTimeFormat(i18n.resolvedLanguage ?? 'en', { dateStyle: 'long' }).format(
                  new Date(entry.at),
                )}
              </div>
            );
          case 'happening':
            return <Fragment key={entry.key}>{renderHappening(entry.happening)}</Fragment>;
          default: {
            const { message } = entry;
            const prompt = promptOf(message, messages);
            return (
              <MessageBubble
                key={entry.key}
                message={message}
                isMine={message.direction === mine}
                isFirst={entry.isFirst}
                author={t(authorOf(message, side))}
                line={lineOf(message, messages)}
                quoted={prompt ? lineOf(prompt, messages) : undefined}
                preview={previews?.get(message.id)}
                onReply={onReply}
                onOpenList={onOpenList}
              />
            );
          }
        }
      })}
      {children}
    </div>
  );
}

function authorOf(message: ChatMessage, side: Props['side']): string {
  if (message.direction === 'in') return side === 'person' ? 'chat.you' : 'chat.person';
  return message.sent_by ? 'chat.team' : 'chat.flow';
}
