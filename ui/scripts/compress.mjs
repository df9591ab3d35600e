// Compresses the built files once, so that the server need not for every answer: beside each `x` an `x.br` and an `x.gz`.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/new/', import.meta.url));
const TEXTS = new Set(['.css', '.js', '.json', '.map', '.svg', '.txt', '.webmanifest']);
const LEAST_BYTES = 1024;

const kinds = [
  ['.br', (bytes) => promisify(brotliCompress)(bytes, { params: brotliParams(bytes.length) })],
  ['.gz', (bytes) => promisify(gzip)(bytes, { level: 9 })],
];

function brotliParams(size) {
  return {
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: size,
  };
}

async function compress(path) {
  const bytes = await readFile(path);
  if (bytes.length < LEAST_BYTES) return;
  await Promise.all(
    kinds.map(async ([end, pack]) => {
      const packed = await pack(bytes);
      if (packed.length < bytes.length) await writeFile(path + end, packed);
    }),
  );
}

// The page itself stays as it is: the server writes into it.
const files = (await readdir(dist, { recursive: true })).filter((name) => TEXTS.has(extname(name)));
await Promise.all(files.map((name) => compress(join(dist, name))));
