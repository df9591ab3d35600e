// The number's ids, how the channel behaves, and what hardly anybody changes.
import { Accordion, Button, Group, NumberInput, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { Wrench } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from '../../api/problem';
import type { Channel } from '../../api/schema';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Form } from '../../components/Form';
import { UnsavedGuard } from '../../components/UnsavedGuard';
import { cleanId } from './channel';
import { IdsForm, idsErrors } from './IdsForm';
import { useUpdateChannel } from './queries';

const NO_SLIPS = {};

type Value = ReturnType<typeof valueOf>;

function valueOf({ name, settings }: Channel) {
  return {
    name,
    phone_number_id: settings.phone_number_id,
    waba_id: settings.waba_id,
    opt_out_words: settings.opt_out_words ?? [],
    opt_in_words: settings.opt_in_words ?? [],
    marks_read: settings.marks_read ?? true,
    shows_typing: settings.shows_typing ?? true,
    stale_after_seconds: settings.stale_after_seconds ?? 900,
    sends_per_second: settings.sends_per_second ?? 80,
    graph_version: settings.graph_version ?? '',
    base_url: settings.base_url ?? '',
  };
}

const ADVANCED = ['graph_version', 'base_url', 'stale_after_seconds', 'sends_per_second'] as const;

export function BehaviourForm({ channel, isReadOnly }: { channel: Channel; isReadOnly: boolean }) {
  const { t } = useTranslation('channels');
  const updating = useUpdateChannel(channel.id);
  const [value, setValue] = useState<Value>(() => valueOf(channel));
  const [isDirty, setDirty] = useState(false);
  const [slips, setSlips] = useState<Record<string, string>>(NO_SLIPS);
  const live = slips === NO_SLIPS ? NO_SLIPS : idsErrors(value, t);
  const errors: Record<string, string> = { ...(updating.error ? asProblem(updating.error).byPath : {}), ...live };

  function set(part: Partial<Value>) {
    setValue((now) => ({ ...now, ...part }));
    setDirty(true);
  }

  async function save() {
    const cleaned = { ...value, phone_number_id: cleanId(value.phone_number_id), waba_id: cleanId(value.waba_id) };
    const found = idsErrors(cleaned, t);
    setValue(cleaned);
    setSlips(found);
    if (Object.keys(found).length > 0) return;
    const { name, ...settings } = cleaned;
    setValue(valueOf(await updating.mutateAsync({ name, settings })));
    setSlips(NO_SLIPS);
    setDirty(false);
  }

  return (
    <Form onSubmit={save}>
      <UnsavedGuard isDirty={isDirty && !updating.isPending} />
      <Stack gap="md">
        <IdsForm value={value} onChange={set} errors={errors} isReadOnly={isReadOnly} />
        {(['opt_out_words', 'opt_in_words'] as const).map((key) => (
          <TagsInput
            key={key}
            label={t(`form.${key}`)}
            description={t(`form.${key}Hint`)}
            value={value[key]}
            onChange={(words) => set({ [key]: words })}
            error={Object.entries(errors).find(([path]) => path.startsWith(`settings.${key}`))?.[1]}
            data={[]}
            acceptValueOnBlur
            readOnly={isReadOnly}
            maw={720}
          />
        ))}
        {(['marks_read', 'shows_typing'] as const).map((key) => (
          <Switch
            key={key}
            label={t(`form.${key}`)}
            checked={value[key]}
            onChange={(event) => set({ [key]: event.currentTarget.checked })}
            disabled={isReadOnly}
          />
        ))}
        <Accordion
          variant="contained"
          order={3}
          maw={720}
          defaultValue={ADVANCED.some((key) => errors[`settings.${key}`]) ? 'advanced' : null}
        >
          <Accordion.Item value="advanced">
            <Accordion.Control icon={<Wrench size={18} aria-hidden />}>{t('form.advanced')}</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="md">
                {(['graph_version', 'base_url'] as const).map((key) => (
                  <TextInput
                    key={key}
                    label={t(`form.${key}`)}
                    description={t(`form.${key}Hint`)}
                    value={value[key]}
                    onChange={(event) => set({ [key]: event.currentTarget.value })}
                    error={errors[`settings.${key}`]}
                    readOnly={isReadOnly}
                    autoComplete="off"
                    spellCheck={false}
                  />
                ))}
                {(['stale_after_seconds', 'sends_per_second'] as const).map((key) => (
                  <NumberInput
                    key={key}
                    label={t(`form.${key}`)}
                    description={t(`form.${key}Hint`)}
                    value={value[key]}
                    onChange={(number) => set({ [key]: Number(number) || 0 })}
                    error={errors[`settings.${key}`]}
                    readOnly={isReadOnly}
                    allowDecimal={false}
                    min={0}
                    hideControls
                    maw={320}
                  />
                ))}
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        {Object.keys(errors).length > 0 && !updating.error ? (
          <Text size="sm" role="alert">
            {t('form.look')}
          </Text>
        ) : null}
        {updating.error ? <ErrorPanel error={updating.error} /> : null}
        {isReadOnly ? null : (
          <Group>
            <Button type="submit" loading={updating.isPending} disabled={!isDirty}>
              {t('common:save')}
            </Button>
          </Group>
        )}
      </Stack>
    </Form>
  );
}
