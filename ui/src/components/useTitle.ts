// Gives the browser's tab the name of the page.
import { useEffect } from 'react';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Recado`;
  }, [title]);
}
