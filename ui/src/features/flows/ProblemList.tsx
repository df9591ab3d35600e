// What is wrong with a flow; each leads to the block and field where it can be set right.
import { Text, UnstyledButton } from '@mantine/core';
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import classes from './flows.module.css';
import type { ShownProblem } from './problems';

interface Props {
  problems: readonly ShownProblem[];
  names: ReadonlyMap<string, string>;
  onPick: (problem: ShownProblem) => void;
}

export function ProblemList({ problems, names, onPick }: Props) {
  const { t } = useTranslation('flows');
  if (problems.length === 0) {
    return (
      <Text size="sm" className={classes.fine}>
        <CircleCheck size={18} aria-hidden /> {t('problems.none')}
      </Text>
    );
  }
  return (
    <ul className={classes.problems} aria-label={t('problems.title')}>
      {problems
        .toSorted((a, b) => Number(b.isError) - Number(a.isError))
        .map((problem) => (
          <li key={`${problem.blockId} ${problem.field} ${problem.text}`}>
            <UnstyledButton className={classes.problem} onClick={() => onPick(problem)}>
              <span className={classes.problemSign} data-warning={!problem.isError || undefined}>
                {problem.isError ? <CircleAlert size={18} aria-hidden /> : <TriangleAlert size={18} aria-hidden />}
              </span>
              <span>
                <Text span size="xs" c="dimmed" display="block">
                  {t(problem.isError ? 'problems.error' : 'problems.warning')} ·{' '}
                  {problem.blockId === null ? t('problems.whole') : (names.get(problem.blockId) ?? '')}
                </Text>
                <Text span size="sm" display="block" className="breaks">
                  {problem.text}
                </Text>
              </span>
            </UnstyledButton>
          </li>
        ))}
    </ul>
  );
}
