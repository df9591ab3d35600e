// A page that was opened before the server was upgraded asks for files that are gone: it is loaded anew, once.
const KEPT_AT = 'recado.reloaded';
const PATIENCE_MS = 30_000;

export function reloadOnNewVersion(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(window.sessionStorage.getItem(KEPT_AT) ?? 0);
    if (Date.now() - last < PATIENCE_MS) return; // it is not that; the error shows
    window.sessionStorage.setItem(KEPT_AT, String(Date.now()));
    event.preventDefault();
    window.location.reload();
  });
}
