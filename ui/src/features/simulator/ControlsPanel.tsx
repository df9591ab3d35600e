// How the simulated chat goes: made-up answers, going to another block, who writes, and starting again.
import { Button, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { CornerDownRight, RotateCcw } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Form } from '../../components/Form';
import type { Definition } from '../flows/definition';
import { AsIfSelect } from './AsIfSelect';
import { callBlocks, useBlockName } from './blocks';
import { valuesOf } from './startValues';
import type { Simulating } from './useSimulator';

interface Props {
  simulating: Simulating;
  definition?: Definition;
}

export function ControlsPanel({ simulating, definition }: Props) {
  const { t } = useTranslation('simulator');
  const nameOf = useBlockName(definition);
  const calls = callBlocks(definition);
  return (
    <Stack gap="xl" maw={560}>
      <Part title={t('asIf.title')} text={t('asIf.text')}>
        {calls.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('asIf.none')}
          </Text>
        ) : (
          <Stack gap="sm">
            {calls.map((block) => (
              <AsIfSelect
                key={block.id}
                block={block}
                name={nameOf(block.id)}
                value={simulating.asIfs[block.id]}
                isDisabled={simulating.id === null}
                onChange={(asIf) => void simulating.setAsIf(block.id, asIf)}
              />
            ))}
          </Stack>
        )}
      </Part>
      <JumpPart simulating={simulating} definition={definition} />
      <WhoPart simulating={simulating} definition={definition} />
    </Stack>
  );
}

function Part({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Title order={2} size="h4" id={id}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {text}
      </Text>
      {children}
    </section>
  );
}

function JumpPart({ simulating, definition }: Props) {
  const { t } = useTranslation('simulator');
  const nameOf = useBlockName(definition);
  const [target, setTarget] = useState<string | null>(null);
  const [isGoing, setGoing] = useState(false);
  async function go() {
    if (target === null || isGoing) return;
    setGoing(true);
    await simulating.jumpTo(target);
    setGoing(false);
  }
  return (
    <Part title={t('jump.title')} text={t('jump.text')}>
      <Group gap="sm" align="flex-end">
        <Select
          label={t('jump.block')}
          searchable
          flex={1}
          miw={200}
          value={target}
          onChange={setTarget}
          data={(definition?.blocks ?? []).map((block) => ({ value: block.id, label: nameOf(block.id) }))}
          nothingFoundMessage={t('jump.none')}
        />
        <Button
          variant="default"
          leftSection={<CornerDownRight size={16} aria-hidden />}
          loading={isGoing}
          disabled={target === null || simulating.id === null}
          onClick={() => void go()}
        >
          {t('jump.go')}
        </Button>
      </Group>
    </Part>
  );
}

function WhoPart({ simulating, definition }: Props) {
  const { t } = useTranslation('simulator');
  const { contact, variables } = simulating.start;
  const declared = definition?.variables ?? [];
  const [name, setName] = useState(contact.name ?? '');
  const [phone, setPhone] = useState(contact.phone ?? '');
  const [typed, setTyped] = useState<Record<string, string>>(() =>
    Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, asText(value)])),
  );
  const [wrong, setWrong] = useState<string[]>([]);

  function restart() {
    const read = valuesOf(declared, typed);
    setWrong(read.wrong);
    if (read.wrong.length > 0) return;
    void simulating.restart({
      contact: { ...(name.trim() ? { name: name.trim() } : {}), ...(phone.trim() ? { phone: phone.trim() } : {}) },
      variables: read.values,
    });
  }

  return (
    <Part title={t('who.title')} text={t('who.text')}>
      <Form onSubmit={restart}>
        <Stack gap="sm">
          <Group gap="sm" grow align="flex-start">
            <TextInput
              label={t('who.name')}
              value={name}
              maxLength={200}
              autoComplete="off"
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <TextInput
              label={t('who.phone')}
              placeholder="+573001234567"
              inputMode="tel"
              value={phone}
              maxLength={40}
              autoComplete="off"
              onChange={(event) => setPhone(event.currentTarget.value)}
            />
          </Group>
          {declared.map((variable) => (
            <TextInput
              key={variable.key}
              label={variable.name || variable.key}
              description={t(`common:types.${variable.type}`)}
              placeholder={variable.default}
              value={typed[variable.key] ?? ''}
              error={wrong.includes(variable.key) ? t('who.wrong') : null}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setTyped((before) => ({ ...before, [variable.key]: value }));
              }}
            />
          ))}
          <Group>
            <Button type="submit" variant="default" leftSection={<RotateCcw size={16} aria-hidden />}>
              {t('who.restart')}
            </Button>
          </Group>
        </Stack>
      </Form>
    </Part>
  );
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
