// What a message template says, read from its parts as Meta writes them.
import type { components } from '../../api/schema';

export type Template = components['schemas']['Template'];

export type FileKind = 'image' | 'video' | 'document';

/** A place of a template that takes a value. */
export interface Slot {
  /** Of a body what stands in the braces; others begin with #, which no name does. */
  key: string;
  kind: 'body' | 'text' | FileKind | 'url' | 'copy_code';
  /** What stands in the braces, or on the button. */
  name: string;
  /** The button's place among all. */
  index: number;
  /** What stands before the end of a button's address. */
  before: string;
}

export interface Shape {
  header: string;
  /** The file above the body. */
  file: FileKind | null;
  body: string;
  footer: string;
  buttons: string[];
  /** The names in the braces of the body, in their order: 1, 2, or words. */
  parameters: string[];
  isNamed: boolean;
  /** All places that take a value: header, body, buttons. */
  slots: Slot[];
  /** Why it cannot be sent from here: a part that wants what cannot be given. */
  unfit: 'header' | 'buttons' | 'parts' | null;
}

interface Part {
  type?: unknown;
  format?: unknown;
  text?: unknown;
  buttons?: unknown;
}

const PARAMETER = /\{\{\s*([\w.-]+)\s*\}\}/g;
const FIT_BUTTONS = new Set(['QUICK_REPLY', 'PHONE_NUMBER', 'URL', 'VOICE_CALL', 'COPY_CODE']);
const FILES = new Set(['IMAGE', 'VIDEO', 'DOCUMENT']);
const UNFIT_PARTS = new Set(['CAROUSEL', 'LIMITED_TIME_OFFER']);
const MOST_CODE = 20;
export const HEADER = '#header';

export function shapeOf({ components }: Pick<Template, 'components'>): Shape {
  const parts = components.filter((part): part is Part => part !== null && typeof part === 'object');
  const of = (type: string) => parts.find((part) => upper(part.type) === type);
  const [head, body] = [of('HEADER'), textOf(of('BODY')?.text)];
  const buttons = listOf(of('BUTTONS')?.buttons);
  const parameters = parametersOf(body);
  const format = upper(head?.format || 'TEXT');
  const header = format === 'TEXT' ? textOf(head?.text) : '';
  const heads = parametersOf(header);
  const isNamed = [...parameters, ...heads].some((name) => !/^\d+$/.test(name));
  const file = FILES.has(format) ? (format.toLowerCase() as FileKind) : null;
  const sorted = isNamed ? parameters : parameters.toSorted((one, other) => Number(one) - Number(other));
  return {
    header,
    file,
    body,
    footer: textOf(of('FOOTER')?.text),
    buttons: buttons.map((button) => textOf(button.text)).filter(Boolean),
    parameters: sorted,
    isNamed,
    slots: [
      ...heads.slice(0, 1).map((name) => slot(HEADER, 'text', name)),
      ...(file ? [slot(HEADER, file)] : []),
      ...sorted.map((name) => slot(name, 'body', name)),
      ...buttons.flatMap(buttonSlot),
    ],
    unfit: parts.some(({ type }) => UNFIT_PARTS.has(upper(type)))
      ? 'parts'
      : format !== 'TEXT' && file === null
        ? 'header'
        : buttons.some(({ type }) => !FIT_BUTTONS.has(upper(type)))
          ? 'buttons'
          : null,
  };
}

/** A text with values in place of what is filled in; what is not stays as it is. */
export function filledText(body: string, values: Record<string, string>): string {
  return body.replaceAll(PARAMETER, (whole, name: string) => values[name] || whole);
}

/** What stands above the body, with its value. */
export function filledHeader({ header }: Shape, values: Record<string, string>): string {
  return header.replaceAll(PARAMETER, (whole) => values[HEADER] || whole);
}

/** What is wrong with a value that is given; nothing where there is none. */
export function slipOfValue({ kind }: Slot, value: string): 'address' | 'end' | 'code' | null {
  if (value.trim() === '' || kind === 'body' || kind === 'text') return null;
  if (kind === 'url') return /\s/.test(value) ? 'end' : null;
  if (kind === 'copy_code') return [...value].length > MOST_CODE ? 'code' : null;
  return /^https:\/\/[^\s/]\S*$/.test(value) ? null : 'address';
}

export function isApproved({ status }: Pick<Template, 'status'>): boolean {
  return upper(status) === 'APPROVED';
}

/** Name and language, by which Meta knows a template. */
export function keyOf({ name, language }: Pick<Template, 'name' | 'language'>): string {
  return `${name} ${language}`;
}

function parametersOf(text: string): string[] {
  return [...new Set([...text.matchAll(PARAMETER)].map(([, name]) => name ?? ''))];
}

function slot(key: string, kind: Slot['kind'], name = '', index = 0, before = ''): Slot {
  return { key, kind, name, index, before };
}

function buttonSlot(button: Record<string, unknown>, index: number): Slot[] {
  const [kind, name, url] = [upper(button.type), textOf(button.text), textOf(button.url)];
  const key = `#button.${index}`;
  if (kind === 'COPY_CODE') return [slot(key, 'copy_code', name, index)];
  if (kind !== 'URL' || parametersOf(url).length === 0) return [];
  return [slot(key, 'url', name, index, url.replaceAll(PARAMETER, ''))];
}

function upper(value: unknown): string {
  return textOf(value).toUpperCase();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value)
    ? value.filter((each): each is Record<string, unknown> => each !== null && typeof each === 'object')
    : [];
}
