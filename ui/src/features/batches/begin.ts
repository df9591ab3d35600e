// How a conversation is to begin, as it is put together on a page, and what is asked of the server for it.
import type { components } from '../../api/schema';
import type { Variable } from '../flows/definition';
import { valuesOf } from '../simulator/startValues';
import { keyOf, type Shape, type Template } from '../templates/template';
import { isOfColumn, valueFor, type BatchContact, type Person, type Source } from './people';

type BeginTemplate = components['schemas']['BeginTemplate'];

export interface Begin {
  flow_id: string;
  /** The key of a template; none where the flow itself speaks first. */
  template: string;
  parameters: Record<string, Source>;
  variables: Record<string, Source>;
}

export const NO_BEGIN: Begin = { flow_id: '', template: '', parameters: {}, variables: {} };

/** The parameters that have no value yet. */
export function missing(begin: Begin, shape: Shape | null): string[] {
  return (shape?.parameters ?? []).filter((name) => {
    const source = begin.parameters[name];
    return !isOfColumn(source) && valueFor(source, []).trim() === '';
  });
}

/** The columns that a template says, which may not be empty. */
export function neededColumns(begin: Begin, shape: Shape | null): number[] {
  return (shape?.parameters ?? []).flatMap((name) => begin.parameters[name]?.column ?? []);
}

/** The variables that do not read as their type, for these cells. */
export function unreadable(begin: Begin, variables: readonly Variable[], cells: string[]): string[] {
  return valuesOf(variables, typed(begin, variables, cells)).wrong;
}

export function templateOf(begin: Begin, template: Template | undefined, shape: Shape | null): BeginTemplate | null {
  if (!template || !shape || keyOf(template) !== begin.template) return null;
  return { name: template.name, language: template.language, parameters: parametersFor(begin, shape, []) };
}

/** The variables that are the same for everybody. */
export function variablesOf(begin: Begin, variables: readonly Variable[]): Record<string, unknown> {
  const same = variables.filter(({ key }) => !isOfColumn(begin.variables[key]));
  return valuesOf(same, typed(begin, same, [])).values;
}

/** Somebody with what is their own. */
export function contactOf(
  person: Person,
  begin: Begin,
  shape: Shape | null,
  variables: readonly Variable[],
): BatchContact {
  const own = variables.filter(({ key }) => isOfColumn(begin.variables[key]));
  const hasOwnParameters = neededColumns(begin, shape).length > 0;
  return {
    phone: person.phone,
    ...(person.name ? { name: person.name.replaceAll(/\p{Cc}/gu, ' ').slice(0, 200) } : {}),
    ...(own.length > 0 ? { variables: valuesOf(own, typed(begin, own, person.cells)).values } : {}),
    ...(shape && hasOwnParameters ? { parameters: parametersFor(begin, shape, person.cells) } : {}),
  };
}

/** What the preview of a template says, for these cells. */
export function shownValues(begin: Begin, shape: Shape, cells: string[]): Record<string, string> {
  return Object.fromEntries(shape.parameters.map((name) => [name, valueFor(begin.parameters[name], cells)]));
}

function parametersFor(begin: Begin, shape: Shape, cells: string[]): string[] | Record<string, string> {
  const values = shownValues(begin, shape, cells);
  return shape.isNamed ? values : shape.parameters.map((name) => values[name] ?? '');
}

function typed(begin: Begin, variables: readonly Variable[], cells: string[]): Record<string, string> {
  return Object.fromEntries(variables.map(({ key }) => [key, valueFor(begin.variables[key], cells)]));
}
