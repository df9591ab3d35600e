// What differs between two definitions, in words.
import { Badge, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { BlockIcon } from './BlockIcon';
import type { Difference } from './compare';
import classes from './flows.module.css';
import { useBlockWords } from './useBlockWords';

const COLOURS = { added: 'jade', removed: 'red', changed: 'blue' };

export function Differences({ difference }: { difference: Difference }) {
  const { t } = useTranslation('flows');
  const { title } = useBlockWords();
  if (difference.isSame)
    return (
      <Text size="sm" c="dimmed">
        {t('compare.same')}
      </Text>
    );
  const whole = [
    difference.isStartChanged ? t('compare.start') : '',
    difference.hasVariablesChanged ? t('compare.variables') : '',
    difference.hasSettingsChanged ? t('compare.settings') : '',
  ].filter(Boolean);
  return (
    <ul className={classes.differences} aria-label={t('compare.title')}>
      {difference.changes.map(({ block, kind, fields }) => (
        <li key={kind + block.id}>
          <BlockIcon type={block.type} size={26} />
          <span className={classes.entryNames}>
            <Text span size="sm" fw={550} truncate display="block">
              {title(block)}
            </Text>
            {fields.length > 0 ? (
              <Text span size="xs" c="dimmed" display="block">
                {fields.map((name) => t(`parts.${name}`, { defaultValue: name })).join(', ')}
              </Text>
            ) : null}
          </span>
          <Badge color={COLOURS[kind]}>{t(`compare.${kind}`)}</Badge>
        </li>
      ))}
      {whole.map((text) => (
        <li key={text}>
          <Text size="sm">{text}</Text>
        </li>
      ))}
    </ul>
  );
}
