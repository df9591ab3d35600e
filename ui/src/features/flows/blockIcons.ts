// The icon and the colour of each type of block; the colour tells what blocks are for.
import {
  CircleStop,
  ClipboardList,
  Clock,
  CornerDownRight,
  GitBranch,
  Headset,
  List,
  MessageCircleQuestion,
  MessageSquareText,
  Plug,
  SquareMousePointer,
  Variable,
  Workflow,
  type LucideIcon,
} from 'lucide-react';

import { groupOf, type BlockGroup } from './blocks';
import type { BlockType } from './definition';

export const BLOCK_ICONS: Record<BlockType, LucideIcon> = {
  message: MessageSquareText,
  question: MessageCircleQuestion,
  buttons: SquareMousePointer,
  list: List,
  form: ClipboardList,
  custom_integration: Plug,
  condition: GitBranch,
  set_variable: Variable,
  wait: Clock,
  jump: CornerDownRight,
  call_flow: Workflow,
  hand_over: Headset,
  end: CircleStop,
};

const COLOURS: Record<BlockGroup, string> = {
  say: 'jade',
  ask: 'blue',
  call: 'orange',
  decide: 'violet',
  lead: 'gray',
  finish: 'red',
};

export function colourOf(type: BlockType): string {
  return type === 'hand_over' ? 'yellow' : COLOURS[groupOf(type)];
}
