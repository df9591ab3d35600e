// Chooses a role, with what it may do; only owners make owners.
import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '../../api/session';
import { ROLES, type Role } from './roles';

interface Props {
  value: Role;
  onChange: (role: Role) => void;
  error?: ReactNode;
}

export function RoleSelect({ value, onChange, error }: Props) {
  const { t } = useTranslation('settings');
  const mayOwners = useMay('owners:write');
  return (
    <Select
      label={t('members.role')}
      description={t(`roleTexts.${value}`)}
      value={value}
      data={ROLES.filter((role) => role !== 'owner' || mayOwners).map((role) => ({
        value: role,
        label: t(`common:roles.${role}`),
      }))}
      onChange={(role) => onChange(role as Role)}
      error={error}
    />
  );
}
