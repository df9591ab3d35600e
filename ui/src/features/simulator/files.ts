// What is told of a file that somebody attaches.
import type { MediaFacts } from './types';

const PREVIEW_BYTES = 4_000_000;

export function factsOf(file: { name: string; type: string; size: number }): MediaFacts {
  const family = file.type.split('/')[0];
  const kind = family === 'image' || family === 'video' || family === 'audio' ? family : 'document';
  return { kind, mime_type: file.type || 'application/octet-stream', filename: file.name, bytes: file.size };
}

/** A picture as this page shows it; it is read here and goes nowhere. */
export async function previewOf(file: File): Promise<string | undefined> {
  if (!/^image\/(png|jpeg|gif|webp)$/.test(file.type) || file.size > PREVIEW_BYTES) return undefined;
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(typeof reader.result === 'string' ? reader.result : undefined));
    reader.addEventListener('error', () => resolve(undefined));
    reader.readAsDataURL(file);
  });
}

/** Decimal degrees within the bounds of the earth, or null. */
export function degrees(text: string, most: 90 | 180): number | null {
  if (!/^\s*[-+]?\d{1,3}([.,]\d{1,15})?\s*$/.test(text)) return null;
  const value = Number(text.trim().replace(',', '.'));
  return Math.abs(value) <= most ? value : null;
}
