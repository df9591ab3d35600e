// What answers one screen: when it asks, the action that is run, and what is shown next in each case.
import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { removeAt, replaceAt } from '../../components/rows';
import { OUTCOMES } from '../flows/definition';
import { ActionFields } from './ActionFields';
import { AskSelect } from './AskSelect';
import { NO_STEP, without, type Branch, type HandlerRow } from './form';
import { useForm } from './FormContext';
import { StepFields } from './StepFields';

interface Props {
  path: string;
  handler: HandlerRow;
  onChange: (part: Partial<HandlerRow>) => void;
  /** Moves and removes the whole. */
  buttons: ReactNode;
}

const EVERY = '';
const WAYS = ['failed', ...OUTCOMES] as const;

export function HandlerFields({ path, handler, onChange, buttons }: Props) {
  const { t } = useTranslation('forms');
  const { screens, errors, isReadOnly } = useForm();
  const isOpening = handler.ask === 'INIT';
  return (
    <Stack gap="md">
      <Group gap="sm" align="flex-start">
        <AskSelect
          value={handler.ask}
          onChange={(ask) => onChange({ ask, ...(ask === 'INIT' ? { screen: EVERY } : {}) })}
          error={errors[path]}
          readOnly={isReadOnly}
        />
        {isOpening ? null : (
          <Select
            label={t('handler.screen')}
            data={[
              { value: EVERY, label: t('handler.every') },
              ...screens.map(({ id, title }) => ({ value: id, label: title ? `${title} (${id})` : id })),
              ...(handler.screen && !screens.some(({ id }) => id === handler.screen)
                ? [{ value: handler.screen, label: handler.screen }]
                : []),
            ]}
            value={handler.screen}
            onChange={(screen) => onChange({ screen: screen ?? EVERY })}
            error={errors[`${path}.screen`]}
            allowDeselect={false}
            readOnly={isReadOnly}
            w={{ base: '100%', xs: 260 }}
          />
        )}
        <div style={{ marginLeft: 'auto' }}>{buttons}</div>
      </Group>
      <Part title={t('handler.run')}>
        <ActionFields path={path} handler={handler} onChange={onChange} />
      </Part>
      <Part title={t('handler.next')}>
        <StepFields
          path={`${path}.next`}
          step={handler.next}
          from={handler.screen}
          onChange={(next) => onChange({ next })}
        />
      </Part>
      <Branches path={path} handler={handler} onChange={onChange} />
      {handler.action_id ? <Failures path={path} handler={handler} onChange={onChange} /> : null}
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div style={{ borderTop: '1px solid var(--recado-line)', paddingTop: 'var(--mantine-spacing-sm)' }}>
      <Text component="h4" size="sm" fw={650} mb="sm">
        {title}
      </Text>
      {children}
    </div>
  );
}

/** Other steps, where a value is a certain text. */
function Branches({ path, handler, onChange }: Omit<Props, 'buttons'>) {
  const { t } = useTranslation('forms');
  const { errors, isReadOnly } = useForm();
  const { branches } = handler;
  const set = (at: number, part: Partial<Branch>) =>
    onChange({ branches: replaceAt(branches, at, { ...branches[at]!, ...part }) });
  if (isReadOnly && branches.length === 0) return null;
  return (
    <Part title={t('branch.title')}>
      <Stack gap="md">
        {branches.map((branch, at) => (
          <Stack
            key={`${handler.rowId}-${at + 1}`}
            gap="sm"
            pl="md"
            style={{ borderLeft: '3px solid var(--recado-line)' }}
          >
            <Group gap="xs" align="flex-end">
              <TextInput
                label={t('branch.value')}
                value={branch.value}
                onChange={(event) => set(at, { value: event.currentTarget.value })}
                error={errors[`${path}.branches[${at}].value`]}
                readOnly={isReadOnly}
                spellCheck={false}
                w={{ base: '100%', xs: 240 }}
              />
              <TextInput
                label={t('branch.equals')}
                value={branch.equals}
                onChange={(event) => set(at, { equals: event.currentTarget.value })}
                readOnly={isReadOnly}
                w={{ base: '70%', xs: 180 }}
              />
              {isReadOnly ? null : (
                <ActionIcon
                  size={36}
                  onClick={() => onChange({ branches: removeAt(branches, at) })}
                  aria-label={t('common:rows.remove', { name: t('branch.row', { number: at + 1 }) })}
                >
                  <Trash2 size={15} aria-hidden />
                </ActionIcon>
              )}
            </Group>
            <StepFields
              path={`${path}.branches[${at}].step`}
              step={branch.step}
              from={handler.screen}
              onChange={(step) => set(at, { step })}
            />
          </Stack>
        ))}
        {isReadOnly ? null : (
          <Button
            variant="subtle"
            size="xs"
            leftSection={<Plus size={14} aria-hidden />}
            style={{ alignSelf: 'flex-start' }}
            onClick={() => onChange({ branches: [...branches, { value: '', equals: '', step: NO_STEP }] })}
          >
            {t('branch.add')}
          </Button>
        )}
      </Stack>
    </Part>
  );
}

/** Other steps by how the action ended. */
function Failures({ path, handler, onChange }: Omit<Props, 'buttons'>) {
  const { t } = useTranslation('forms');
  const { isReadOnly } = useForm();
  const { failures } = handler;
  const free = WAYS.filter((way) => !(way in failures));
  if (isReadOnly && Object.keys(failures).length === 0) return null;
  return (
    <Part title={t('failure.title')}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('failure.text')}
        </Text>
        {Object.entries(failures).map(([way, step]) => (
          <Stack key={way} gap="sm" pl="md" style={{ borderLeft: '3px solid var(--recado-line)' }}>
            <Group gap="xs" justify="space-between" wrap="nowrap">
              <Text size="sm" fw={600}>
                {way === 'failed' ? t('failure.any') : t(`common:outcomes.${way}`)}
              </Text>
              {isReadOnly ? null : (
                <ActionIcon
                  size={32}
                  onClick={() => onChange({ failures: without(failures, way) })}
                  aria-label={t('common:rows.remove', {
                    name: way === 'failed' ? t('failure.any') : t(`common:outcomes.${way}`),
                  })}
                >
                  <Trash2 size={15} aria-hidden />
                </ActionIcon>
              )}
            </Group>
            <StepFields
              path={`${path}.failures.${way}`}
              step={step}
              from={handler.screen}
              onChange={(changed) => onChange({ failures: { ...failures, [way]: changed } })}
            />
          </Stack>
        ))}
        {isReadOnly || free.length === 0 ? null : (
          <Select
            aria-label={t('failure.add')}
            placeholder={t('failure.add')}
            data={free.map((way) => ({
              value: way,
              label: way === 'failed' ? t('failure.any') : t(`common:outcomes.${way}`),
            }))}
            value={null}
            onChange={(way) => way && onChange({ failures: { ...failures, [way]: NO_STEP } })}
            w={{ base: '100%', xs: 280 }}
          />
        )}
      </Stack>
    </Part>
  );
}
