// Which credential a test begins with, and in which order they are offered.
import type { Credential } from '../../api/schema';

/** The one used last for this action comes first, then those tested last. */
export function inOrder(credentials: Credential[], lastUsed: string | null | undefined): Credential[] {
  const rank = (credential: Credential) => (credential.id === lastUsed ? '9' : (credential.last_test?.at ?? ''));
  return credentials.toSorted((a, b) => rank(b).localeCompare(rank(a)));
}

/** What is chosen as long as nobody chose: the one used last, else the newest one that an API accepted, else the first. */
export function firstChoice(credentials: Credential[], chosen: string | null | undefined): string | null {
  if (chosen === null) return null;
  if (chosen !== undefined && credentials.some(({ id }) => id === chosen)) return chosen;
  const ordered = inOrder(credentials, chosen);
  return (ordered.find(({ last_test: test }) => test?.verdict === 'accepted') ?? ordered[0])?.id ?? null;
}
