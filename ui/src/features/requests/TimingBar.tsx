// How long each part of a call took: as a bar, and in numbers and words.
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Timing } from '../../api/schema';
import { milliseconds } from '../responses/measures';
import { partsOf, type TimingPart } from '../responses/timing';
import classes from './TimingBar.module.css';

export function TimingBar({ timing }: { timing: Timing }) {
  const { t, i18n } = useTranslation('responses');
  const parts = partsOf(timing);
  const isReused = parts.some(({ name }) => name === 'firstByte') && !parts.some(({ name }) => name === 'connect');
  if (parts.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('timing.none')}
      </Text>
    );
  }
  return (
    <div>
      <div className={classes.bar} aria-hidden>
        {parts.map(({ name, ms }) => (
          <span key={name} className={`${classes.part} ${classes[name]}`} style={{ flexGrow: ms }} />
        ))}
      </div>
      <ul className={classes.legend} aria-label={t('timing.label')}>
        {parts.map((part) => (
          <Entry key={part.name} part={part} language={i18n.resolvedLanguage ?? 'en'} />
        ))}
        {isReused ? <li>{t('timing.reused')}</li> : null}
      </ul>
    </div>
  );
}

function Entry({ part, language }: { part: TimingPart; language: string }) {
  const { t } = useTranslation('responses');
  return (
    <li title={t(`timing.help.${part.name}`)}>
      <span className={`${classes.swatch} ${classes[part.name]}`} aria-hidden />
      <span>{t(`timing.${part.name}`)}</span>
      <Text span size="sm" fw={600} className="tabular">
        {milliseconds(part.ms, language)}
      </Text>
    </li>
  );
}
