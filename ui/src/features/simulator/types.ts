// The shapes of a chat that the simulator and the conversations screens share.

export interface Place {
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
}

export interface MediaFacts {
  id?: string;
  kind: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  mime_type?: string;
  filename?: string;
  bytes?: number | null;
  caption?: string;
}

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

/** One message; `in` is what the person wrote, `out` what the flow said. Only what its type has is set. */
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
  media?: MediaFacts | null;
  block_id?: string | null;
  status: string;
  at: string;
}

/** What a person sends: one of these. */
export type Said = { text: string } | { reply_id: string } | { media: MediaFacts } | { location: Place };

export interface Contact {
  name?: string | null;
  phone?: string | null;
}

/** One thing that happened: a block was entered, a call began or ended, or something is worth a note. */
export interface PathStep {
  number: number;
  kind: string;
  block_id: string | null;
  visit: number | null;
  edge: string | null;
  from_block_id?: string | null;
  execution_id: string | null;
  note: Record<string, unknown> | null;
  at: string;
}

/** The next calls of a block are answered so, and nothing is sent. */
export interface AsIf {
  outcome: string;
  status?: number | null;
  without_outputs?: string[];
}

export type Version = 'draft' | number;

/** A chat with the simulator as the server tells it. */
export interface SimConversation {
  id: string;
  status: string;
  block_id: string | null;
  messages: ChatMessage[];
  as_if?: Record<string, AsIf>;
}

/** A conversation with everything that happened in it. */
export interface ConversationShown extends SimConversation {
  flow_id: string;
  version: number | null;
  channel_id: string;
  contact: Contact;
  path: PathStep[];
  variables: Record<string, unknown>;
  answers: Record<string, unknown>;
  outputs: Record<string, unknown>;
  executions: string[];
  created_at: string;
  ended_at: string | null;
}
