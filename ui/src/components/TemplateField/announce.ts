// Says something to people who listen to the page, without moving the focus.
let region: HTMLElement | null = null;

export function announce(text: string): void {
  if (!region?.isConnected) {
    region = document.createElement('div');
    region.className = 'sr-only';
    region.setAttribute('role', 'status');
    region.setAttribute('aria-live', 'polite');
    document.body.append(region);
  }
  region.textContent = '';
  const said = region;
  window.setTimeout(() => {
    said.textContent = text;
  }, 50);
}
