// A form that is checked and sent by us, not by the browser.
import type { ReactNode } from 'react';

interface Props {
  /** What it throws is shown by whoever sends. */
  onSubmit: () => unknown;
  autoComplete?: 'off';
  className?: string;
  children: ReactNode;
}

export function Form({ onSubmit, ...rest }: Props) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // The form of a dialog lies outside of the one around it, but its events come through there as well.
        if (event.target === event.currentTarget) void send(onSubmit);
      }}
      {...rest}
    />
  );
}

async function send(onSubmit: () => unknown) {
  try {
    await onSubmit();
  } catch {
    // Shown by whoever sends.
  }
}
