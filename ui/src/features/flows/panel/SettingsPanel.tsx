// What holds for the whole flow: language, exit words, expiry, reminder, failures and variables.
import { Checkbox, Group, Select, Switch, TagsInput } from '@mantine/core';
import { TimeInput } from './TimeInput';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { LANGUAGES } from '../../../i18n';
import { useBuilder } from '../BuilderContext';
import type { FlowSettings, Reminder } from '../definition';
import { LIMITS } from '../limits';
import { DurationField, TemplateInput } from './fields';
import { Part } from './Part';
import { VariablesPart } from './Variables';

const FIRST_REMINDER: Reminder = { after_seconds: 3600, text: '', hours: null };
const FIRST_HOURS = { days: [1, 2, 3, 4, 5], begins: '09:00', ends: '18:00' };
const DAYS = [1, 2, 3, 4, 5, 6, 7];
const A_MONDAY = Date.UTC(2024, 0, 1);

export function SettingsPanel() {
  const { t } = useTranslation('flows');
  const { definition, isReadOnly, change, errors } = useBuilder();
  const { settings } = definition;
  const zones = useMemo(
    () => [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), settings.timezone])],
    [settings.timezone],
  );
  const set = (part: Partial<FlowSettings>, about?: string) =>
    change((now) => ({ ...now, settings: { ...now.settings, ...part } }), about ? `settings ${about}` : null);
  const { reminder } = settings;
  const remind = (part: Partial<Reminder>, about?: string) =>
    set({ reminder: { ...FIRST_REMINDER, ...reminder, ...part } }, about && `reminder ${about}`);

  return (
    <>
      <VariablesPart />
      <Part title={t('settings.place')}>
        <div data-path="settings.language">
          <Select
            label={t('settings.language')}
            description={t('settings.languageHint')}
            data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
            value={settings.language}
            onChange={(language) => set({ language: language as FlowSettings['language'] })}
            readOnly={isReadOnly}
          />
        </div>
        <div data-path="settings.timezone">
          <Select
            label={t('settings.timezone')}
            description={t('settings.timezoneHint')}
            data={zones}
            value={settings.timezone}
            onChange={(timezone) => set({ timezone: timezone ?? 'UTC' })}
            error={errors['settings.timezone']}
            searchable
            limit={60}
            readOnly={isReadOnly}
          />
        </div>
      </Part>
      <Part title={t('settings.leaving')}>
        <div data-path="settings.exit_words">
          <TagsInput
            label={t('settings.exitWords')}
            description={t('settings.exitWordsHint')}
            value={settings.exit_words}
            onChange={(words) => set({ exit_words: words })}
            error={errors['settings.exit_words']}
            readOnly={isReadOnly}
            data={[]}
          />
        </div>
        <TemplateInput
          path="settings.exit_text"
          label={t('settings.exitText')}
          value={settings.exit_text}
          onChange={(text) => set({ exit_text: text }, 'exit_text')}
          limit={LIMITS.text}
        />
        <DurationField
          path="settings.expires_after_seconds"
          label={t('settings.expires')}
          description={t('settings.expiresHint')}
          seconds={settings.expires_after_seconds}
          onChange={(seconds) => set({ expires_after_seconds: seconds ?? 0 }, 'expires')}
        />
        <TemplateInput
          path="settings.failure_message"
          label={t('settings.failure')}
          description={t('settings.failureHint')}
          value={settings.failure_message}
          onChange={(text) => set({ failure_message: text }, 'failure')}
          limit={LIMITS.text}
          isMultiline
        />
      </Part>
      <Part title={t('settings.reminder')}>
        <Switch
          label={t('settings.remind')}
          checked={reminder !== null}
          onChange={(event) => set({ reminder: event.currentTarget.checked ? FIRST_REMINDER : null })}
          disabled={isReadOnly}
        />
        {reminder ? (
          <>
            <DurationField
              path="settings.reminder.after_seconds"
              label={t('settings.remindAfter')}
              seconds={reminder.after_seconds}
              onChange={(seconds) => remind({ after_seconds: seconds ?? 0 }, 'after')}
            />
            <TemplateInput
              path="settings.reminder.text"
              label={t('settings.remindText')}
              value={reminder.text}
              onChange={(text) => remind({ text }, 'text')}
              limit={LIMITS.text}
              isMultiline
            />
            <Switch
              label={t('settings.hours')}
              checked={reminder.hours !== null}
              onChange={(event) => remind({ hours: event.currentTarget.checked ? FIRST_HOURS : null })}
              disabled={isReadOnly}
            />
            {reminder.hours ? <Hours reminder={reminder} onChange={remind} /> : null}
          </>
        ) : null}
      </Part>
    </>
  );
}

interface HoursProps {
  reminder: Reminder;
  onChange: (part: Partial<Reminder>, about?: string) => void;
}

function Hours({ reminder, onChange }: HoursProps) {
  const { t, i18n } = useTranslation('flows');
  const { isReadOnly, errors } = useBuilder();
  const hours = reminder.hours ?? FIRST_HOURS;
  const names = new Intl.DateTimeFormat(i18n.resolvedLanguage, { weekday: 'short', timeZone: 'UTC' });
  return (
    <div data-path="settings.reminder.hours">
      <Checkbox.Group
        label={t('settings.days')}
        value={hours.days.map(String)}
        onChange={(days) => onChange({ hours: { ...hours, days: days.map(Number).toSorted() } })}
        error={errors['settings.reminder.hours.days']}
        readOnly={isReadOnly}
      >
        <Group gap="sm" mt={6}>
          {DAYS.map((day) => (
            <Checkbox
              key={day}
              value={String(day)}
              label={names.format(A_MONDAY + (day - 1) * 86_400_000)}
              disabled={isReadOnly}
              size="xs"
            />
          ))}
        </Group>
      </Checkbox.Group>
      <Group grow mt="sm">
        <TimeInput
          label={t('settings.begins')}
          value={hours.begins}
          onChange={(begins) => onChange({ hours: { ...hours, begins } }, 'begins')}
          error={errors['settings.reminder.hours.begins']}
          readOnly={isReadOnly}
        />
        <TimeInput
          label={t('settings.ends')}
          value={hours.ends}
          onChange={(ends) => onChange({ hours: { ...hours, ends } }, 'ends')}
          error={errors['settings.reminder.hours.ends']}
          readOnly={isReadOnly}
        />
      </Group>
    </div>
  );
}
