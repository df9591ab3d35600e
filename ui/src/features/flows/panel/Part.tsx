// A part of a panel with its heading, to fold away where it is rarely wanted.
import { Collapse, Text, UnstyledButton } from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';

import classes from './panel.module.css';

interface Props {
  title: string;
  hint?: ReactNode;
  children: ReactNode;
  /** Folded away at first. */
  isFolded?: boolean;
  /** What can be done with the whole part. */
  action?: ReactNode;
}

export function Part({ title, hint, children, isFolded, action }: Props) {
  const id = useId();
  const [isOpen, setOpen] = useState(!isFolded);
  if (isFolded === undefined) {
    return (
      <section aria-labelledby={id} className={classes.part}>
        <div className={classes.partHead}>
          <h3 id={id} className={classes.partTitle}>
            {title}
          </h3>
          {action}
        </div>
        {hint ? (
          <Text size="xs" c="dimmed">
            {hint}
          </Text>
        ) : null}
        {children}
      </section>
    );
  }
  return (
    <section aria-labelledby={id} className={classes.part}>
      <h3 className={classes.partTitle}>
        <UnstyledButton id={id} className={classes.fold} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <ChevronDown size={16} aria-hidden data-open={isOpen || undefined} />
          {title}
        </UnstyledButton>
      </h3>
      <Collapse expanded={isOpen} className={classes.folded}>
        {hint ? (
          <Text size="xs" c="dimmed">
            {hint}
          </Text>
        ) : null}
        {isOpen ? children : null}
      </Collapse>
    </section>
  );
}
