// What can be tapped below a message: reply buttons, the button of a list, a link.
import { ClipboardList, ExternalLink, List, MapPin, Reply, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import classes from './chat.module.css';
import { openable } from './formatting';
import type { ChatMessage } from './types';

interface Props {
  message: ChatMessage;
  onReply?: (message: ChatMessage, id: string) => void;
  onOpenList?: (message: ChatMessage) => void;
}

export function Choices({ message, onReply, onOpenList }: Props) {
  const { t } = useTranslation(['simulator', 'forms']);
  const hasRows = Boolean(message.sections?.length);
  if (message.direction === 'in') return null;
  const link = message.type === 'link_button' ? openable(message.url) : null;
  const isPlaceAsked = message.type === 'location_request';
  const isForm = message.type === 'form';
  if (!message.buttons?.length && !hasRows && message.type !== 'link_button' && !isPlaceAsked && !isForm) return null;
  const open = onOpenList && (() => onOpenList(message));
  return (
    <div className={classes.choices}>
      {message.buttons?.map(({ id, title }) => (
        <Choice key={id} icon={Reply} label={title} onClick={onReply && (() => onReply(message, id))} />
      ))}
      {hasRows ? <Choice icon={List} label={message.label || t('list.open')} isOpening onClick={open} /> : null}
      {isForm ? (
        <Choice
          icon={ClipboardList}
          label={message.label || t('forms:answer.title')}
          isOpening
          onClick={onReply && open}
        />
      ) : null}
      {isPlaceAsked ? <Choice icon={MapPin} label={t('place.send')} isOpening onClick={onReply && open} /> : null}
      {message.type === 'link_button' ? (
        link ? (
          <a className={classes.choice} href={link} target="_blank" rel="noopener noreferrer">
            <ExternalLink size={16} aria-hidden style={{ flex: 'none' }} />
            {message.label || link}
          </a>
        ) : (
          <span className={classes.choice}>{message.label || message.url}</span>
        )
      ) : null}
    </div>
  );
}

interface ChoiceProps {
  icon: LucideIcon;
  label: string;
  /** Whether it opens something to choose or fill in. */
  isOpening?: boolean;
  /** None where nobody may tap. */
  onClick: (() => void) | undefined;
}

function Choice({ icon: Icon, label, isOpening = false, onClick }: ChoiceProps) {
  return (
    <button
      type="button"
      className={classes.choice}
      aria-haspopup={isOpening ? 'dialog' : undefined}
      disabled={!onClick}
      onClick={onClick}
    >
      <Icon size={16} aria-hidden style={{ flex: 'none' }} />
      {label}
    </button>
  );
}
