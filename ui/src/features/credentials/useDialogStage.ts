// What the credential's window shows, and whether it is open: its content stays while it closes.
import { useState } from 'react';

import type { Credential, Execution } from '../../api/schema';

export type Stage =
  | { stage: 'new' }
  | { stage: 'replace'; credential: Credential; isWrong?: boolean }
  | { stage: 'testing'; credential: Credential }
  | { stage: 'untested'; credential: Credential; error: unknown }
  | { stage: 'result'; credential: Credential; execution: Execution; isNew?: boolean };

export interface DialogStage {
  stage: Stage | null;
  isOpen: boolean;
  show: (stage: Stage) => void;
  /** Goes on to another stage, unless the window was closed meanwhile. */
  move: (stage: Stage) => void;
  close: () => void;
  /** It is closed and gone. */
  forget: () => void;
}

export function useDialogStage(): DialogStage {
  const [stage, move] = useState<Stage | null>(null);
  const [isOpen, setOpen] = useState(false);
  return {
    stage,
    isOpen,
    show: (first) => {
      move(first);
      setOpen(true);
    },
    move,
    close: () => setOpen(false),
    forget: () => move(null),
  };
}
