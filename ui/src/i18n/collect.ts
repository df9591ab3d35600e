// Names each catalogue by its file.
/** `{ "./en/actions.json": texts }` becomes `{ actions: texts }`. */
export function collect(files: Record<string, unknown>): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, texts]) => [
      path.split('/').at(-1)!.replace('.json', ''),
      texts as Record<string, unknown>,
    ]),
  );
}
