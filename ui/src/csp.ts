// The nonce that styles made at run time must carry.
export function cspNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

/** Lets the library that keeps the page behind a window from scrolling style it; this global is where it looks for a nonce. */
export function shareNonce(): void {
  Object.assign(window, { __webpack_nonce__: cspNonce() });
}
