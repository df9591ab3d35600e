// The template that is sent where the 24 hours are over and a flow has something to say, with values that all are given.
import { Anchor, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Channel } from '../../api/schema';
import { ErrorPanel } from '../../components/ErrorPanel';
import { Form } from '../../components/Form';
import { UnsavedGuard } from '../../components/UnsavedGuard';
import { missing, NO_BEGIN, shownValues, slipsOf, sourcesOf, templateOf } from '../batches/begin';
import type { Source } from '../batches/people';
import { SlotInputs } from '../batches/SlotInputs';
import { templatesQuery } from '../templates/queries';
import { isApproved, keyOf, shapeOf, type Template } from '../templates/template';
import { TemplatePreview } from '../templates/TemplatePreview';
import { useUpdateChannel } from './queries';

const NONE = '';
const NO_COLUMNS: string[] = [];

export function FallbackForm({ channel, isReadOnly }: { channel: Channel; isReadOnly: boolean }) {
  const { t } = useTranslation('channels');
  const updating = useUpdateChannel(channel.id);
  const kept = channel.settings.fallback_template;
  // Meta is asked only where somebody wants to know.
  const [isWanted, setWanted] = useState(kept != null);
  const templates = useQuery({ ...templatesQuery(channel.id), enabled: isWanted });
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed, setTyped] = useState<Record<string, Source> | null>(null);
  const value = chosen ?? (kept ? keyOf(kept) : NONE);
  const isKept = kept != null && value === keyOf(kept);
  const fit = (templates.data?.items ?? []).filter(isFit);
  const shown = fit.find((each) => keyOf(each) === value);
  const shape = shown ? shapeOf(shown) : null;
  const values = typed ?? (isKept && shape ? sourcesOf(kept, shape) : {});
  const begin = { ...NO_BEGIN, template: value, parameters: values };
  const template = templateOf(begin, shown, shape);
  const slips = slipsOf(begin, shape);
  const isDirty = (chosen !== null && chosen !== (kept ? keyOf(kept) : NONE)) || typed !== null;
  const isGiven = template !== null && missing(begin, shape).length === 0 && Object.keys(slips).length === 0;
  const isGone = kept != null && templates.isSuccess && !fit.some((each) => keyOf(each) === keyOf(kept));
  const choices = [
    { value: NONE, label: t('fallback.none') },
    ...fit.map((each) => ({ value: keyOf(each), label: `${each.name} (${each.language})` })),
    ...(kept && !fit.some((each) => keyOf(each) === keyOf(kept))
      ? [{ value: keyOf(kept), label: `${kept.name} (${kept.language})` }]
      : []),
  ];

  async function save() {
    await updating.mutateAsync({ settings: { fallback_template: template } });
    setChosen(null);
    setTyped(null);
  }

  return (
    <Form onSubmit={save}>
      <UnsavedGuard isDirty={isDirty && !updating.isPending} />
      <Stack gap="md">
        <Select
          label={t('fallback.template')}
          description={t('fallback.hint')}
          data={choices}
          value={value}
          onChange={(next) => {
            setChosen(next ?? NONE);
            setTyped(null);
          }}
          onDropdownOpen={() => setWanted(true)}
          allowDeselect={false}
          searchable
          readOnly={isReadOnly}
          maw={520}
        />
        {shape ? (
          <>
            <SlotInputs
              shape={shape}
              values={values}
              onChange={setTyped}
              slips={slips}
              columns={NO_COLUMNS}
              isReadOnly={isReadOnly}
            />
            <TemplatePreview shape={shape} values={shownValues(begin, shape, NO_COLUMNS)} />
          </>
        ) : null}
        {isGone && !isDirty ? (
          <Text size="sm" role="note">
            {t('fallback.gone')}
          </Text>
        ) : null}
        {templates.isError ? <ErrorPanel error={templates.error} onRetry={() => void templates.refetch()} /> : null}
        {updating.error ? <ErrorPanel error={updating.error} /> : null}
        <Group gap="md">
          {isReadOnly ? null : (
            <Button type="submit" loading={updating.isPending} disabled={!isDirty || (value !== NONE && !isGiven)}>
              {t('common:save')}
            </Button>
          )}
          <Anchor
            size="sm"
            underline="always"
            renderRoot={(props) => (
              <Link to="/channels/$channelId/templates" params={{ channelId: channel.id }} {...props} />
            )}
          >
            {t('fallback.all')}
          </Anchor>
        </Group>
      </Stack>
    </Form>
  );
}

/** What can be sent, with values that are the same for everybody. */
function isFit(template: Template): boolean {
  return isApproved(template) && shapeOf(template).unfit === null;
}
