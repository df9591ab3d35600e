// Keeps the keyboard's place: a button that was busy gets the focus back, and what is gone leaves it to the page around it.
const LOOKS_MS = 100;

/** Where somebody goes on who has lost their place: the open window, else the page. */
function placeOf(): HTMLElement | null {
  return [...document.querySelectorAll<HTMLElement>('[role="dialog"]')].at(-1) ?? document.getElementById('main');
}

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** Waits until what lost the focus can have it again or is gone, unless the focus has gone elsewhere by then. */
function follow(left: HTMLElement): void {
  if (!isLost() || (left.isConnected && !left.matches(':disabled'))) return; // it was left on purpose
  const looking = window.setInterval(() => {
    if (isLost() && left.isConnected && left.matches(':disabled')) return;
    window.clearInterval(looking);
    if (isLost()) (left.isConnected ? left : placeOf())?.focus({ preventScroll: true });
  }, LOOKS_MS);
}

export function keepFocus(): void {
  document.addEventListener('focusout', ({ target, relatedTarget }) => {
    // The browser says so while it takes the element away; afterwards it is known which of the two it was.
    if (relatedTarget === null && target instanceof HTMLElement) window.setTimeout(follow, 0, target);
  });
}
