// What can be tapped below a message: reply buttons, the button of a list, a link.
import { ClipboardList, ExternalLink, List, MapPin, Reply } from 'lucide-react';
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
  return (
    <div className={classes.choices}>
      {message.buttons?.map((button) => (
        <button
          key={button.id}
          type="button"
          className={classes.choice}
          disabled={!onReply}
          onClick={() => onReply?.(message, button.id)}
        >
          <Reply size={16} aria-hidden style={{ flex: 'none' }} />
          {button.title}
        </button>
      ))}
      {hasRows ? (
        <button
          type="button"
          className={classes.choice}
          aria-haspopup="dialog"
          disabled={!onOpenList}
          onClick={() => onOpenList?.(message)}
        >
          <List size={16} aria-hidden style={{ flex: 'none' }} />
          {message.label || t('list.open')}
        </button>
      ) : null}
      {isForm ? (
        <button
          type="button"
          className={classes.choice}
          aria-haspopup="dialog"
          disabled={!onReply || !onOpenList}
          onClick={() => onOpenList?.(message)}
        >
          <ClipboardList size={16} aria-hidden style={{ flex: 'none' }} />
          {message.label || t('forms:answer.title')}
        </button>
      ) : null}
      {isPlaceAsked ? (
        <button
          type="button"
          className={classes.choice}
          aria-haspopup="dialog"
          disabled={!onReply || !onOpenList}
          onClick={() => onOpenList?.(message)}
        >
          <MapPin size={16} aria-hidden style={{ flex: 'none' }} />
          {t('place.send')}
        </button>
      ) : null}
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
