// Finds the one-time token in a set-up link, or in what somebody pasted of it.

/** The part after `#`, or the whole text where it is a token alone; empty when there is none. */
export function tokenIn(text: string): string {
  const token = (text.includes('#') ? text.slice(text.lastIndexOf('#') + 1) : text).trim();
  return /^[\w-]{16,200}$/.test(token) ? token : '';
}
