// What differs from one definition to another.
import type { Block, Definition } from './definition';

export interface Change {
  block: Block;
  kind: 'added' | 'removed' | 'changed';
  /** Which of its parts differ. */
  fields: string[];
}

export interface Difference {
  changes: Change[];
  isStartChanged: boolean;
  hasVariablesChanged: boolean;
  hasSettingsChanged: boolean;
  /** Whether nothing differs but where blocks stand. */
  isSame: boolean;
}

export function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) =>
    same((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]),
  );
}

export function compare(before: Definition, after: Definition): Difference {
  const old = new Map(before.blocks.map((block) => [block.id, block]));
  const now = new Set(after.blocks.map(({ id }) => id));
  const changes: Change[] = [];
  for (const block of after.blocks) {
    const was = old.get(block.id);
    if (!was) changes.push({ block, kind: 'added', fields: [] });
    else {
      const fields = differing(was, block).filter((name) => name !== 'position');
      if (fields.length > 0) changes.push({ block, kind: 'changed', fields });
    }
  }
  for (const block of before.blocks) if (!now.has(block.id)) changes.push({ block, kind: 'removed', fields: [] });
  const rest = {
    isStartChanged: before.start !== after.start,
    hasVariablesChanged: !same(before.variables, after.variables),
    hasSettingsChanged: !same(before.settings, after.settings),
  };
  return { changes, ...rest, isSame: changes.length === 0 && !Object.values(rest).some(Boolean) };
}

function differing(one: object, other: object): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter(
    (name) => !same((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]),
  );
}

/** A definition without where its blocks stand: what a conversation is made of. */
export function meaning(definition: Definition): string {
  return JSON.stringify(definition, (name, value: unknown) => (name === 'position' ? undefined : value));
}
