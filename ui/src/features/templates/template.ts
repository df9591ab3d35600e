// What a message template says, read from its parts as Meta writes them.
import type { components } from '../../api/schema';

export type Template = components['schemas']['Template'];

export interface Shape {
  header: string;
  body: string;
  footer: string;
  buttons: string[];
  /** The names in the braces of the body, in their order: 1, 2, or words. */
  parameters: string[];
  isNamed: boolean;
  /** Why it cannot be sent from here: a header or buttons that want values of their own. */
  unfit: 'header' | 'buttons' | null;
}

interface Part {
  type?: unknown;
  format?: unknown;
  text?: unknown;
  buttons?: unknown;
}

const PARAMETER = /\{\{\s*([\w.-]+)\s*\}\}/g;
const PLAIN_BUTTONS = new Set(['QUICK_REPLY', 'PHONE_NUMBER', 'URL', 'VOICE_CALL']);

export function shapeOf({ components }: Pick<Template, 'components'>): Shape {
  const parts = components.filter((part): part is Part => part !== null && typeof part === 'object');
  const of = (type: string) => parts.find((part) => upper(part.type) === type);
  const [head, body] = [of('HEADER'), textOf(of('BODY')?.text)];
  const buttons = listOf(of('BUTTONS')?.buttons);
  const parameters = parametersOf(body);
  const isNamed = parameters.some((name) => !/^\d+$/.test(name));
  return {
    header: textOf(head?.text),
    body,
    footer: textOf(of('FOOTER')?.text),
    buttons: buttons.map((button) => textOf(button.text)).filter(Boolean),
    parameters: isNamed ? parameters : parameters.toSorted((one, other) => Number(one) - Number(other)),
    isNamed,
    unfit: isHeadUnfit(head) ? 'header' : buttons.some(isButtonUnfit) ? 'buttons' : null,
  };
}

/** The body with values in place of what is filled in; what is not stays as it is. */
export function filledBody(body: string, values: Record<string, string>): string {
  return body.replaceAll(PARAMETER, (whole, name: string) => values[name] || whole);
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

function isHeadUnfit(head: Part | undefined): boolean {
  if (!head) return false;
  return upper(head.format || 'TEXT') !== 'TEXT' || parametersOf(textOf(head.text)).length > 0;
}

function isButtonUnfit(button: Record<string, unknown>): boolean {
  return !PLAIN_BUTTONS.has(upper(button.type)) || parametersOf(textOf(button.url)).length > 0;
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
