// Whether a list follows what happens.
import { Group, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import classes from './LiveSwitch.module.css';

export function LiveSwitch({ isLive, onChange }: { isLive: boolean; onChange: (isLive: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <Switch
      checked={isLive}
      onChange={(event) => onChange(event.currentTarget.checked)}
      label={
        <Group gap={8}>
          {isLive ? <span className={classes.live} aria-hidden /> : null}
          {t('filters.live')}
        </Group>
      }
    />
  );
}
