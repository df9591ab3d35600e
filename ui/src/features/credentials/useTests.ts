// Tests credentials, one or all, and knows which are being tested.
import { useState } from 'react';

import type { Credential, Execution } from '../../api/schema';
import { testCredential, useRefresh } from './queries';

const AT_ONCE = 3;

export interface Tests {
  testing: ReadonlySet<string>;
  test: (credential: Credential) => Promise<Execution>;
  /** Verdicts with how often they came; a test that could not be run counts as `failed`. */
  testAll: (credentials: Credential[]) => Promise<Record<string, number>>;
}

export function useTests(integrationId: string): Tests {
  const refresh = useRefresh(integrationId);
  const [testing, setTesting] = useState<ReadonlySet<string>>(new Set());

  async function run(credential: Credential): Promise<Execution> {
    setTesting((now) => new Set(now).add(credential.id));
    try {
      return await testCredential(credential.id);
    } finally {
      await refresh();
      setTesting((now) => new Set([...now].filter((id) => id !== credential.id)));
    }
  }

  async function testAll(credentials: Credential[]): Promise<Record<string, number>> {
    const waiting = [...credentials];
    const verdicts: Record<string, number> = {};
    async function work(): Promise<void> {
      const credential = waiting.shift();
      if (!credential) return;
      const verdict = await run(credential).then(
        (execution) => execution.verdict ?? 'failed',
        () => 'failed',
      );
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      await work();
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return verdicts;
  }

  return { testing, test: run, testAll };
}
