// What happened between two messages: a call, or something worth a note.
import type { Definition } from '../flows/definition';
import { useBlockName } from './blocks';
import { CallPill } from './CallPill';
import classes from './chat.module.css';
import type { Happening } from './transcript';
import { useNoteWords } from './useNoteWords';

interface Props {
  happening: Happening;
  definition?: Definition;
  onOpenCall?: (visit: number) => void;
}

/** Notes that say what the messages around them say already. */
const SILENT: ReadonlySet<string> = new Set(['answer_refused']);

export function Between({ happening, definition, onOpenCall }: Props) {
  const say = useNoteWords();
  const nameOf = useBlockName(definition);
  const { call, note } = happening;
  if (call) return <CallPill call={call} name={nameOf(happening.blockId)} onOpen={onOpenCall} />;
  if (!note || SILENT.has(note.code)) return null;
  return <div className={classes.pill}>{say(note)}</div>;
}
