// The shapes of a chat that the simulator and the conversations screens share.
import type { components } from '../../api/schema';

type Schemas = components['schemas'];

export interface Place {
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
}

export type MediaIn = Pick<Schemas['MediaIn'], 'kind'> & Partial<Schemas['MediaIn']>;

/** What is told of a file that somebody sent. */
export type MediaFacts = Pick<Schemas['Media'], 'kind'> & Partial<Schemas['Media']>;

export interface ReplyButton {
  id: string;
  title: string;
}

export interface ListRow extends ReplyButton {
  description?: string;
}

export interface ListSection {
  title?: string;
  rows: ListRow[];
}

/** One message as it is shown, whether the server knows it already or not; `in` is what the person wrote, `out` what the flow said. Only what its type has is set. */
export interface ChatMessage {
  id: string;
  direction: 'in' | 'out';
  type: string;
  text?: string | null;
  header?: string | null;
  footer?: string | null;
  url?: string | null;
  filename?: string | null;
  label?: string | null;
  location?: Place | null;
  buttons?: ReplyButton[] | null;
  sections?: ListSection[] | null;
  reply_id?: string | null;
  reply_to?: string | null;
  media?: MediaFacts | null;
  /** What became of the content of that file. */
  file?: Schemas['FileShown'] | null;
  /** What a form is opened with, or was sent off with. */
  form?: unknown;
  block_id?: string | null;
  sent_by?: string | null;
  /** Why it could not be sent. */
  error?: { code?: unknown; message?: unknown } | null;
  status: string;
  at: string;
}

/** What a person sends: one of these; `reply_to` is the message whose button or row is tapped. */
export type Said =
  | { text: string }
  | { reply_id: string; reply_to?: string }
  | { media: MediaIn }
  | { location: Place }
  | { form: Record<string, unknown> };

export type Version = 'draft' | number;
