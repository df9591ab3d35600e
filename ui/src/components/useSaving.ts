// What a form sends: whether it is on its way, and what was wrong with it.
import { useMutation } from '@tanstack/react-query';

import { asProblem } from '../api/problem';

/** `fields` are the paths that show beside their inputs what is wrong with them. */
export function useSaving(fields: string[], send: () => Promise<unknown>) {
  const { mutate, isPending, error } = useMutation({ mutationFn: send });
  const wrong: Record<string, string> = error ? asProblem(error).byPath : {};
  return {
    save: () => mutate(),
    isBusy: isPending,
    /** The sentences by path. */
    wrong,
    /** What no field shows. */
    problem: error && !fields.some((path) => path in wrong) ? error : null,
  };
}
