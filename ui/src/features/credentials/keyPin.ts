// Remembers which public key this browser sealed to, so that another one does not pass unnoticed. It is no secret.
const PREFIX = 'recado.sealing-key.';

export interface KeyName {
  workspace_id: string;
  fingerprint: string;
}

/** The fingerprint this browser used last, where the server's key is another one now; else null, and it is remembered. */
export function changedFrom({ workspace_id, fingerprint }: KeyName): string | null {
  const known = window.localStorage.getItem(PREFIX + workspace_id);
  if (known === null) acceptKey({ workspace_id, fingerprint });
  return known === null || known === fingerprint ? null : known;
}

export function acceptKey({ workspace_id, fingerprint }: KeyName): void {
  try {
    window.localStorage.setItem(PREFIX + workspace_id, fingerprint);
  } catch {
    // A full or forbidden store only costs the comparison next time.
  }
}

/** A fingerprint as people read it: groups of four. */
export function grouped(fingerprint: string): string {
  return fingerprint.match(/.{1,4}/g)?.join(' ') ?? '';
}
