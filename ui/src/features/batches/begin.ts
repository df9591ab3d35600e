// How a conversation is to begin, as it is put together on a page, and what is asked of the server for it.
import type { components } from '../../api/schema';
import type { Variable } from '../flows/definition';
import { valuesOf } from '../simulator/startValues';
import { HEADER, keyOf, slipOfValue, type Shape, type Slot, type Template } from '../templates/template';
import { isOfColumn, valueFor, type BatchContact, type Person, type Source } from './people';

type BeginTemplate = components['schemas']['BeginTemplate'];
type BeginHeader = components['schemas']['BeginHeader'];
type BeginButton = components['schemas']['BeginButton'];

export type Slip = NonNullable<ReturnType<typeof slipOfValue>>;

export interface Begin {
  flow_id: string;
  /** The key of a template; none where the flow itself speaks first. */
  template: string;
  /** Where the values of the template's slots come from, by their keys. */
  parameters: Record<string, Source>;
  variables: Record<string, Source>;
}

export const NO_BEGIN: Begin = { flow_id: '', template: '', parameters: {}, variables: {} };

/** The keys of slots that have no value yet. */
export function missing(begin: Begin, shape: Shape | null): string[] {
  const blank = (shape?.slots ?? []).filter(({ key }) => {
    const source = begin.parameters[key];
    return !isOfColumn(source) && valueFor(source, []).trim() === '';
  });
  return blank.map(({ key }) => key);
}

/** What is wrong with values that are the same for everybody, by the keys of their slots. */
export function slipsOf(begin: Begin, shape: Shape | null): Record<string, Slip> {
  const found = (shape?.slots ?? []).map((slot) => {
    const source = begin.parameters[slot.key];
    return [slot.key, isOfColumn(source) ? null : slipOfValue(slot, valueFor(source, []))] as const;
  });
  return Object.fromEntries(found.flatMap(([key, slip]) => (slip === null ? [] : [[key, slip] as const])));
}

/** Whether somebody's own values are such as the template takes. */
export function isFitting(begin: Begin, shape: Shape | null, cells: string[]): boolean {
  const own = (shape?.slots ?? []).filter(({ key }) => isOfColumn(begin.parameters[key]));
  return own.every((slot) => slipOfValue(slot, valueFor(begin.parameters[slot.key], cells)) === null);
}

/** The columns that a template says, which may not be empty. */
export function neededColumns(begin: Begin, shape: Shape | null): number[] {
  return (shape?.slots ?? []).flatMap(({ key }) => begin.parameters[key]?.column ?? []);
}

/** The variables that do not read as their type, for these cells. */
export function unreadable(begin: Begin, variables: readonly Variable[], cells: string[]): string[] {
  return valuesOf(variables, typed(begin, variables, cells)).wrong;
}

export function templateOf(begin: Begin, template: Template | undefined, shape: Shape | null): BeginTemplate | null {
  if (!template || !shape || keyOf(template) !== begin.template) return null;
  const header = hasOwn(begin, headerSlots(shape)) ? {} : headerFor(begin, shape, []);
  const buttons = hasOwn(begin, buttonSlots(shape)) ? {} : buttonsFor(begin, shape, []);
  const parameters = parametersFor(begin, shape, []);
  return { name: template.name, language: template.language, parameters, ...header, ...buttons };
}

/** Where the values come from of a template that is kept with them. */
export function sourcesOf(kept: Partial<BeginTemplate>, shape: Shape): Record<string, Source> {
  const { parameters = [], header, buttons = [] } = kept;
  const texts = shape.slots.map(({ key, kind, index }) => {
    const place = shape.parameters.indexOf(key);
    const said = Array.isArray(parameters) ? parameters[place] : parameters[key];
    const button = buttons.find((each) => each.index === index);
    return [key, kind === 'body' ? said : key === HEADER ? header?.value : button?.value] as const;
  });
  return Object.fromEntries(texts.map(([key, text]) => [key, { column: null, text: text ?? '' }]));
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
  const said = shape
    ? {
        ...(hasOwn(begin, bodySlots(shape)) ? { parameters: parametersFor(begin, shape, person.cells) } : {}),
        ...(hasOwn(begin, headerSlots(shape)) ? headerFor(begin, shape, person.cells) : {}),
        ...(hasOwn(begin, buttonSlots(shape)) ? buttonsFor(begin, shape, person.cells) : {}),
      }
    : {};
  return {
    phone: person.phone,
    ...(person.name ? { name: person.name.replaceAll(/\p{Cc}/gu, ' ').slice(0, 200) } : {}),
    ...(own.length > 0 ? { variables: valuesOf(own, typed(begin, own, person.cells)).values } : {}),
    ...said,
  };
}

/** What the preview of a template says, for these cells. */
export function shownValues(begin: Begin, shape: Shape, cells: string[]): Record<string, string> {
  return Object.fromEntries(shape.slots.map(({ key }) => [key, valueFor(begin.parameters[key], cells)]));
}

// ── the places of a template ─────────────────────────────────────────────────────────────────────────────────────────

const bodySlots = ({ slots }: Shape) => slots.filter(({ kind }) => kind === 'body');
const buttonSlots = ({ slots }: Shape) => slots.filter(({ kind }) => kind === 'url' || kind === 'copy_code');
const headerSlots = ({ slots }: Shape) => slots.filter(({ key }) => key === HEADER);

function hasOwn(begin: Begin, slots: readonly Slot[]): boolean {
  return slots.some(({ key }) => isOfColumn(begin.parameters[key]));
}

function headerFor(begin: Begin, shape: Shape, cells: string[]): Pick<BeginTemplate, 'header'> {
  const [slot] = headerSlots(shape);
  if (!slot) return {};
  const kind = slot.kind as BeginHeader['kind'];
  const value = valueFor(begin.parameters[slot.key], cells);
  const name = kind === 'text' && shape.isNamed ? slot.name : '';
  return { header: { kind, value, name, filename: kind === 'document' ? filenameOf(value) : '' } };
}

/** What a document is called in the chat. */
function filenameOf(address: string): string {
  const path = address.replace(/[?#].*$/, '').replace(/^https:\/\/[^/]*/, '');
  return path.slice(path.lastIndexOf('/') + 1).slice(0, 240);
}

function buttonsFor(begin: Begin, shape: Shape, cells: string[]): Pick<BeginTemplate, 'buttons'> {
  const buttons = buttonSlots(shape).map(({ key, kind, index }) => ({
    index,
    kind: kind as BeginButton['kind'],
    value: valueFor(begin.parameters[key], cells),
  }));
  return buttons.length > 0 ? { buttons } : {};
}

function parametersFor(begin: Begin, shape: Shape, cells: string[]): string[] | Record<string, string> {
  const values = bodySlots(shape).map(({ key }) => [key, valueFor(begin.parameters[key], cells)] as const);
  return shape.isNamed ? Object.fromEntries(values) : values.map(([, value]) => value);
}

function typed(begin: Begin, variables: readonly Variable[], cells: string[]): Record<string, string> {
  return Object.fromEntries(variables.map(({ key }) => [key, valueFor(begin.variables[key], cells)]));
}
