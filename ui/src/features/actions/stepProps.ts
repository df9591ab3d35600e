// What every step of the action editor is given.
import type { Action, Integration } from '../../api/schema';
import type { ActionStep } from '../../routes/integrations';
import type { ActionEditorState } from './useActionEditor';

export interface StepProps {
  integration: Integration;
  /** The saved action; null where there is none yet. */
  action: Action | null;
  editor: ActionEditorState;
  /** False only for roles that may change actions. */
  isReadOnly: boolean;
  onStep: (step: ActionStep) => void;
}
