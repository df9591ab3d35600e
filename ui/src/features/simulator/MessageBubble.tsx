// One message of a chat: its bubble with what it says, the time, ticks, and the choices it offers.
import { Check, CheckCheck, CircleAlert, Clock } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './chat.module.css';
import { Choices } from './Choices';
import { MessageBody } from './MessageBody';
import type { ChatMessage } from './types';

interface Props {
  message: ChatMessage;
  /** Whether it stands at the right: it is from whoever looks at the chat. */
  isMine: boolean;
  isFirst: boolean;
  author: string;
  /** The line of the prompt that this message answers by a tap. */
  quoted?: string;
  line: string;
  /** Sends the button of that id; without it the choices cannot be tapped. */
  onReply?: (message: ChatMessage, id: string) => void;
  onOpenList?: (message: ChatMessage) => void;
  /** What the file looks like, where this browser sent it. */
  preview?: string;
}

export const MessageBubble = memo(function MessageBubble(props: Props) {
  const { message, isMine, isFirst, author, quoted, line, preview, onReply, onOpenList } = props;
  const hasChoices = Boolean(message.buttons?.length || message.sections?.length || message.type === 'link_button');
  const isWide = hasChoices || ['image', 'video', 'location', 'document'].includes(kindOf(message));
  return (
    <div className={classes.row} data-mine={isMine} data-first={isFirst} data-message={message.id}>
      <div className={classes.bubble} data-wide={isWide}>
        <span className="sr-only">{author}: </span>
        {quoted ? <span className={classes.quote}>{quoted}</span> : null}
        <div className={classes.body}>
          <MessageBody message={message} line={line} preview={preview} />
          <span className={classes.meta}>
            <ShortTime at={message.at} />
            {isMine ? <Ticks status={message.status} /> : null}
          </span>
        </div>
        {typeof message.error?.message === 'string' ? (
          <span className={classes.failed}>{message.error.message}</span>
        ) : null}
        <Choices message={message} onReply={onReply} onOpenList={onOpenList} />
      </div>
    </div>
  );
});

/** What a message is to look at: what somebody sent says it by its file. */
export function kindOf(message: ChatMessage): string {
  if (message.media) return message.media.kind;
  return message.location ? 'location' : message.type;
}

function ShortTime({ at }: { at: string }) {
  const { i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(i18n.resolvedLanguage ?? 'en', { hour: '2-digit', minute: '2-digit' });
  return <time dateTime={at}>{format.format(new Date(at))}</time>;
}

const TICKS = {
  sending: Clock,
  queued: Clock,
  received: Check,
  sent: Check,
  delivered: CheckCheck,
  done: CheckCheck,
  read: CheckCheck,
  failed: CircleAlert,
} as const;

function Ticks({ status }: { status: string }) {
  const { t } = useTranslation('simulator');
  const known = status in TICKS ? (status as keyof typeof TICKS) : 'sent';
  const Icon = TICKS[known];
  const isRead = known === 'read' || known === 'done';
  return (
    <span className={isRead ? classes.read : undefined}>
      <Icon size={15} aria-hidden style={{ display: 'block' }} />
      <span className="sr-only">{t(`ticks.${known}`)}</span>
    </span>
  );
}
