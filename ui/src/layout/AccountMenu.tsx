// Who is signed in, with the language, the colours and the way out.
import { Avatar, Button, Menu, Text, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Check, Languages, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { api } from '../api/client';
import { speak, useSession } from '../api/session';
import { LANGUAGES, type Language } from '../i18n';

const SCHEMES = [
  { value: 'light', icon: Sun },
  { value: 'dark', icon: Moon },
  { value: 'auto', icon: Monitor },
] as const;

export function AccountMenu() {
  const { t, i18n } = useTranslation();
  const { user, role } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const client = useQueryClient();
  const name = user?.name || user?.email || '';

  async function signOut() {
    await api.DELETE('/api/v1/session');
    client.clear();
    await navigate({ to: '/login' });
  }

  return (
    <Menu position="bottom-end" width={240} shadow="md">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          px="xs"
          leftSection={<Avatar size={26} name={name} color="jade" aria-hidden />}
          aria-label={t('account.menu', { name })}
        >
          <Text size="sm" maw={180} truncate component="span" visibleFrom="xs">
            {name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t(`roles.${role}`)}</Menu.Label>
        <Menu.Item component={Link} to="/settings/profile" leftSection={<UserRound size={16} aria-hidden />}>
          {t('account.profile')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('account.language')}</Menu.Label>
        {Object.entries(LANGUAGES).map(([code, label]) => (
          <Menu.Item
            key={code}
            lang={code}
            leftSection={<Languages size={16} aria-hidden />}
            rightSection={i18n.resolvedLanguage === code ? <Check size={16} aria-label={t('chosen')} /> : null}
            onClick={() => void speak(code as Language)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('account.colours')}</Menu.Label>
        {SCHEMES.map(({ value, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={colorScheme === value ? <Check size={16} aria-label={t('chosen')} /> : null}
            onClick={() => setColorScheme(value)}
          >
            {t(`account.schemes.${value}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={16} aria-hidden />} onClick={() => void signOut()}>
          {t('account.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
