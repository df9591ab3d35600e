// Where the app lives: the server writes its own path into <base>, so that it works below a sub-path too.
export const basePath = new URL(document.baseURI).pathname.replace(/\/$/, '');

/** The address of a resource of this server, for example `/api/v1/session`. */
export function at(path: string): string {
  return `${basePath}${path}`;
}
