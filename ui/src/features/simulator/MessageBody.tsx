// What a message says: text, a picture, a film, a file, a place.
import { FileText, Film, Image as ImageIcon, MapPin, Mic, Sticker } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { sentence } from '../../api/problem';
import { at } from '../../base';
import { bytes } from '../responses/measures';
import classes from './chat.module.css';
import { Formatted } from './Formatted';
import { openable } from './formatting';
import type { ChatMessage, Place } from './types';

interface Props {
  message: ChatMessage;
  line: string;
  preview?: string;
}

export function MessageBody({ message, line, preview }: Props) {
  const { t } = useTranslation('simulator');
  const kind = message.media?.kind ?? (message.location ? 'location' : message.type);
  switch (kind) {
    case 'image':
    case 'video':
    case 'sticker':
      return <Picture message={message} kind={kind} preview={preview} />;
    case 'document':
    case 'audio':
      return <File message={message} kind={kind} />;
    case 'location':
      return message.location ? <PlaceShown place={message.location} /> : <Words text={line} />;
    case 'unsupported':
      return <Words text={t('media.unsupported')} />;
    default:
      return (
        <>
          {message.header ? <div className={classes.header}>{message.header}</div> : null}
          <Words text={kind === 'form' && message.direction === 'in' ? filledIn(message.form) : line} />
          {message.footer ? <div className={classes.footer}>{message.footer}</div> : null}
        </>
      );
  }
}

/** What a form was sent off with, a line each. */
function filledIn(form: unknown): string {
  if (form === null || typeof form !== 'object') return '';
  return Object.entries(form)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}

function Words({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      <Formatted text={text} />
    </div>
  );
}

/** What browsers draw; whatever else somebody sent is downloaded. */
const SHOWN = /^image\/(png|jpeg|gif|webp)$/;

const PICTURES = { image: ImageIcon, video: Film, sticker: Sticker } as const;

function Picture({ message, kind, preview }: { message: ChatMessage; kind: keyof typeof PICTURES; preview?: string }) {
  const { t } = useTranslation('simulator');
  const Icon = PICTURES[kind];
  const name = message.media?.filename || message.filename || fileOf(message.url);
  const caption = message.media?.caption ?? message.text ?? '';
  const kept = message.file?.status === 'kept' && SHOWN.test(message.file.content_type) ? addressOf(message) : null;
  return (
    <>
      <div className={classes.picture}>
        {preview && kind !== 'video' ? (
          <img src={preview} alt={name || t(`media.${kind}`)} />
        ) : kept ? (
          <a
            href={kept}
            download={message.file?.filename}
            aria-label={t('media.downloadOne', { name: name || t(`media.${kind}`) })}
          >
            <img src={kept} alt={name || t(`media.${kind}`)} loading="lazy" />
          </a>
        ) : (
          <>
            <Icon size={34} strokeWidth={1.4} aria-hidden />
            <span>{name ? `${t(`media.${kind}`)}: ${name}` : t(`media.${kind}`)}</span>
            <Open url={message.url} />
            <Kept message={message} />
          </>
        )}
      </div>
      <Words text={caption} />
    </>
  );
}

function File({ message, kind }: { message: ChatMessage; kind: 'document' | 'audio' }) {
  const { t, i18n } = useTranslation('simulator');
  const Icon = kind === 'audio' ? Mic : FileText;
  const size = message.file?.size ?? message.media?.bytes;
  const facts = [message.media?.mime_type, size ? bytes(size, i18n.resolvedLanguage ?? 'en') : null].filter(Boolean);
  return (
    <>
      <div className={classes.file}>
        <Icon size={26} strokeWidth={1.5} aria-hidden style={{ flex: 'none' }} />
        <div style={{ minWidth: 0 }}>
          <div>{message.media?.filename || message.filename || fileOf(message.url) || t(`media.${kind}`)}</div>
          {facts.length > 0 ? <div className={classes.small}>{facts.join(' · ')}</div> : null}
          <Open url={message.url} />
          <Kept message={message} />
        </div>
      </div>
      <Words text={message.media?.caption ?? message.text ?? ''} />
    </>
  );
}

function PlaceShown({ place }: { place: Place }) {
  const { t } = useTranslation('simulator');
  const degrees = `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
  return (
    <>
      <div className={classes.place} role="img" aria-label={t('media.location')}>
        <MapPin size={34} aria-hidden />
      </div>
      <div className={classes.header}>{place.name || t('media.location')}</div>
      {place.address ? <div className={classes.small}>{place.address}</div> : null}
      <Words text={degrees} />
    </>
  );
}

function addressOf(message: ChatMessage): string | null {
  return message.media?.id ? at(`/api/v1/media/${encodeURIComponent(message.media.id)}`) : null;
}

/** A file whose content the server keeps, or why it does not. */
function Kept({ message }: { message: ChatMessage }): ReactNode {
  const { t } = useTranslation('simulator');
  const { file } = message;
  const address = addressOf(message);
  if (!file || !address) return null;
  if (file.status === 'waiting') return <span className={classes.small}>{t('media.waiting')}</span>;
  if (file.status !== 'kept')
    return <span className={classes.small}>{file.error ? sentence(file.error.code, file.error.message) : null}</span>;
  return (
    <a
      href={address}
      download={file.filename}
      className={classes.link}
      aria-label={t('media.downloadOne', { name: file.filename })}
    >
      {t('media.download')}
    </a>
  );
}

/** The browser calls nobody else by itself; who wants to see the file opens it. */
function Open({ url }: { url?: string | null }): ReactNode {
  const { t } = useTranslation('simulator');
  const address = openable(url);
  if (!address) return url ? <span className={classes.small}>{url}</span> : null;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer" className={classes.link}>
      {t('media.open')}
    </a>
  );
}

function fileOf(url: string | null | undefined): string {
  const address = openable(url);
  if (!address) return '';
  const last = new URL(address).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
