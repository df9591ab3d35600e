// Reads an execution so that what the API answered keeps its digits; the rest is plain.
import type { Candidate, Execution, OutputResult } from '../../api/schema';
import { parseJson, toPlain } from '../responses/json';
import { walk } from '../responses/keys';

export function readExecution(text: string): Execution {
  const plain = JSON.parse(text) as Execution;
  const root = parseJson(text);
  const exact = (name: string) => {
    const node = root && walk(root, [name]);
    return node && node.kind !== 'null' ? toPlain(node) : undefined;
  };
  return {
    ...plain,
    outputs: (exact('outputs') as Record<string, unknown> | undefined) ?? plain.outputs,
    output_results: (exact('output_results') as OutputResult[] | undefined) ?? plain.output_results,
    candidates: (exact('candidates') as Candidate[] | undefined) ?? plain.candidates,
  };
}
