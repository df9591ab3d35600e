// The number of a step in its circle, or a sign that it is done or needs a look.
import { Check, TriangleAlert } from 'lucide-react';

import classes from './stepper.module.css';

interface Props {
  number: number;
  state: 'done' | 'missing' | 'none' | 'current' | 'warning' | 'error';
}

export function StepNumber({ number, state }: Props) {
  return (
    <span className={classes.number} data-state={state} aria-hidden>
      <Sign number={number} state={state} />
    </span>
  );
}

function Sign({ number, state }: Props) {
  if (state === 'done') return <Check size={15} />;
  return state === 'error' || state === 'warning' ? <TriangleAlert size={14} /> : number;
}
